// SPDX-License-Identifier: BSD-3-Clause
// What Discord says on a connection, and what that does to the session (protocol 3).
#include "runtime/codec/json.hpp"
#include "runtime/gateway/payloads.hpp"
#include "runtime/gateway/session_impl.hpp"

#include <utility>

namespace troupe::gateway {

void session::impl::on_frame(std::uint64_t of, const frame& received) {
  if (of != generation || !connected())
    return;
  heart_.on_frame();
  auto text = decompressor_->feed(received);
  if (!text)
    return corrupt(text.error().code, text.error().detail);
  watch_partial();
  if (!text->empty())
    on_message(*text);
}

void session::impl::watch_partial() {
  // See Discord Docs/Gateway, "zlib-stream", and protocol 9, row 1: a message whose end never comes.
  constexpr auto kind = static_cast<std::size_t>(timer::partial_message);
  if (decompressor_->pending() == 0)
    cancel(timer::partial_message);
  else if (armed_[kind] == 0)
    arm_timer(timer::partial_message, settings.deadlines.partial_message);
}

void session::impl::on_message(std::string_view text) {
  auto message = scanner_.scan(text);
  if (!message) {
    if (!is_json(text))
      return corrupt(message.error().code, message.error().detail);
    return act(invalid_message{"a message that is not a gateway payload was skipped"});
  }
  switch (static_cast<opcode>(message->op > 255 ? 255 : message->op)) {
  case opcode::dispatch:
    return on_dispatch(*message);
  case opcode::heartbeat:
    heart_.extra_sent(now_);
    return act(transmit{generation, opcode::heartbeat,
                        heartbeat_payload(point ? std::optional{point->sequence} : std::nullopt)});
  case opcode::reconnect:
    uses_resume_url_ = false; // The URL works: it is the host that goes away.
    return give_up({errc::reconnect_requested, {}, phase == phase::ready ? then::at_once : then::retry});
  case opcode::invalid_session:
    return on_invalid_session(message->d == "true");
  case opcode::hello:
    return on_hello(message->d);
  case opcode::heartbeat_ack:
    if (auto latency = heart_.on_ack(now_))
      act(pinged{*latency});
    return;
  default:
    return; // Discord may add opcodes.
  }
}

void session::impl::on_hello(std::string_view data) {
  if (phase != phase::awaiting_hello)
    return;
  auto interval = read_heartbeat_interval(data);
  if (!interval)
    return corrupt(errc::invalid_payload, "HELLO without a usable heartbeat_interval");
  cancel(timer::hello);
  arm_timer(timer::heartbeat, heart_.start(*interval, ladder_.fraction(), now_));
  if (point) {
    resume_sent_ = true;
    act(transmit{generation, opcode::resume, resume_payload(settings.token, *point)});
    enter(phase::resuming);
    arm_timer(timer::resumed, settings.deadlines.resumed);
  } else if (permit_held_) {
    identify();
  } else {
    enter(phase::awaiting_permit);
    act(want_permit{});
  }
}

void session::impl::on_invalid_session(bool resumable) {
  if (resumable && point)
    return give_up({errc::session_invalidated, "it may be resumed"});
  lose_session();
  give_up({errc::session_invalidated, {}, then::invalidated});
}

void session::impl::on_dispatch(const codec::envelope& message) {
  auto resumes = phase == phase::resuming || phase == phase::replaying;
  if (phase == phase::identifying && message.t == "READY")
    return on_ready(message);
  if (resumes && message.t == "RESUMED")
    return on_resumed(message);
  if ((!resumes && phase != phase::ready) || !message.s)
    return act(invalid_message{"the dispatch " + std::string{message.t} + " came outside of a session or without `s`"});
  auto last = point->sequence;
  if (*message.s <= last)
    return; // A duplicate: it was delivered already.
  // A replay leaves out what only the old connection was told, such as RESUMED.
  if (*message.s != last + 1 && !resumes)
    act(warned{errc::invalid_payload,
               "the sequence jumped from " + std::to_string(last) + " to " + std::to_string(*message.s)});
  point->sequence = *message.s;
  if (resumes) {
    ++replayed_;
    if (phase == phase::resuming)
      enter(phase::replaying);
    arm_timer(timer::resumed, settings.deadlines.resumed);
  }
  act(deliver{*message.s, message.t, message.d, resumes});
}

void session::impl::on_ready(const codec::envelope& message) {
  auto event = codec::decode<troupe::ready>(message.d);
  if (!event || event->session_id.empty())
    return corrupt(errc::invalid_payload, "READY without a session_id");
  cancel(timer::ready_warning);
  cancel(timer::ready);
  point = resume_point{std::move(event->session_id), std::move(event->resume_gateway_url), message.s.value_or(0)};
  act(checkpoint{point});
  settle_identify(true);
  become_ready(true);
  act(became_ready{static_cast<std::uint32_t>(event->guilds.size())});
  act(open_window{generation, heart_.interval()});
  act(deliver{point->sequence, message.t, message.d, false});
}

void session::impl::on_resumed(const codec::envelope& message) {
  cancel(timer::resumed);
  resume_sent_ = false;
  if (message.s && *message.s > point->sequence)
    point->sequence = *message.s;
  become_ready(false);
  act(became_resumed{replayed_});
  act(open_window{generation, heart_.interval()});
  act(deliver{point->sequence, message.t, message.d, false});
}

void session::impl::become_ready(bool new_resume_url) {
  was_ready_ = true;
  resume_once_ = false;
  window_open_ = true;
  ready_since_ = now_;
  ladder_.succeeded(new_resume_url);
  enter(phase::ready);
  arm_timer(timer::stable, settings.deadlines.stable);
}

void session::impl::corrupt(errc reason, std::string detail) {
  act(invalid_message{detail});
  give_up({reason, std::move(detail)});
}

} // namespace troupe::gateway
