// SPDX-License-Identifier: BSD-3-Clause
//
//   enqueue ──turn──▶ dial ──▶ session_frames.cpp ──trouble──▶ give_up ──▶ after_closing ──▶ proceed
//      ▲                ▲      (HELLO, READY ...)                                              │
//      └────────────────┴───────────────── enqueue, or resume ─────────────────────────────────┘
#include "runtime/gateway/session.hpp"

#include "runtime/gateway/payloads.hpp"
#include "runtime/gateway/session_impl.hpp"

#include <utility>

namespace troupe::gateway {

namespace {

// Nobody may send these but a bot that really goes away: they end the session (protocol 2.3).
constexpr std::uint16_t close_for_good = 1000;
constexpr std::uint16_t close_resumable = 4000;

// After so long in `ready` a wish of Discord's to reconnect is routine, not a sign of trouble.
constexpr std::chrono::seconds orderly_after{5};

} // namespace

session::impl::impl(session_settings with) : settings{std::move(with)}, ladder_{settings.ladder, settings.seed} {
  // nop
}

session::impl& session::impl::at(clock::time_point now, actions& out) {
  now_ = now;
  out_ = &out;
  return *this;
}

// -- inputs -------------------------------------------------------------------------------------------

void session::impl::start(std::optional<resume_point> from) {
  if (phase != phase::idle || over_)
    return;
  if (from && !from->session_id.empty())
    point = std::move(from);
  proceed();
}

void session::impl::on_turn() {
  if (phase == phase::queued)
    dial();
}

void session::impl::on_permit() {
  if (over_ || stopping_ || phase == phase::idle || phase == phase::identifying)
    return;
  if (phase == phase::awaiting_permit) {
    identify();
  } else if (joined_ && (phase == phase::connecting || phase == phase::awaiting_hello)) {
    permit_held_ = true;
  } else {
    // It was meant for a socket that is gone.
    act(leave_queue{});
    if (joined_)
      act(join_queue{was_ready_});
  }
}

void session::impl::on_connected(std::uint64_t of) {
  if (of != generation || phase != phase::connecting)
    return;
  main_url_worked_ = main_url_worked_ || dialled_main();
  cancel(timer::connect);
  enter(phase::awaiting_hello);
  arm_timer(timer::hello, settings.deadlines.hello);
}

void session::impl::on_identify_written(std::uint64_t of) {
  if (of == generation && std::exchange(committed_, false))
    act(spend_permit{});
}

void session::impl::on_closed(const connection_closed& closed) {
  if (closed.generation != generation || !has_socket_)
    return;
  has_socket_ = false;
  const auto& rule = rule_for(closed.code);
  if (phase != phase::closing) {
    if (closed.code != 0 && rule.then == after_close::fail)
      return fail(rule.reason, closed.reason);
    if (closed.failure == errc::certificate_rejected && dialled_main() && !main_url_worked_ && !was_ready_)
      return fail(closed.failure, closed.reason);
    return give_up(judge(closed));
  }
  if (!stopping_ && closed.code != 0) {
    // Discord's word crossed ours.
    if (rule.then == after_close::fail)
      return fail(rule.reason, closed.reason);
    if (rule.then == after_close::identify)
      lose_session();
  }
  after_closing();
}

void session::impl::on_timer(timer which, std::uint64_t epoch) {
  auto kind = static_cast<std::size_t>(which);
  if (epoch == 0 || kind >= armed_.size() || armed_[kind] != epoch || over_)
    return;
  armed_[kind] = 0;
  if (auto patience = waits_for_discord(which); patience && reading_withheld_)
    return arm_timer(which, *patience); // It may have answered long ago.
  switch (which) {
  case timer::connect:
    return give_up({errc::connect_timeout, {}, then::retry, 0});
  case timer::hello:
    return give_up({errc::hello_timeout, {}});
  case timer::ready_warning:
    return act(warned{errc::ready_timeout, "IDENTIFY is not answered yet"});
  case timer::ready:
    return give_up({errc::ready_timeout, {}});
  case timer::resumed:
    return give_up({errc::resume_timeout, {}});
  case timer::heartbeat:
    return on_heartbeat_due();
  case timer::backoff:
    return proceed();
  case timer::stable:
    return ladder_.forgive();
  case timer::close:
    return on_close_deadline();
  case timer::partial_message:
    return corrupt(errc::corrupt_stream, "a message began and did not end");
  }
}

void session::impl::on_heartbeat_due() {
  if (heart_.on_due(now_) == heart::verdict::dead) {
    act(ping_missed{});
    // It does not answer: a close handshake would only cost time.
    return give_up({errc::heartbeat_unanswered, {}, was_ready_ ? then::at_once : then::retry, 0});
  }
  act(
    transmit{generation, opcode::heartbeat, heartbeat_payload(point ? std::optional{point->sequence} : std::nullopt)});
  arm_timer(timer::heartbeat, heart_.beat_sent(now_));
}

void session::impl::on_close_deadline() {
  if (!aborted_ && !stopping_) {
    aborted_ = true;
    act(disconnect{generation, 0});
    return arm_timer(timer::close, settings.deadlines.close);
  }
  // It does not even report its end: go on without it, its generation is over.
  act(disconnect{generation, 0});
  has_socket_ = false;
  after_closing();
}

void session::impl::withhold_reading(bool withheld) noexcept {
  reading_withheld_ = withheld;
  heart_.withhold(withheld);
}

std::optional<milliseconds> session::impl::waits_for_discord(timer which) const noexcept {
  switch (which) {
  case timer::hello:
    return settings.deadlines.hello;
  case timer::ready_warning:
    return settings.deadlines.ready_warning;
  case timer::ready:
    return settings.deadlines.ready;
  case timer::resumed:
    return settings.deadlines.resumed;
  case timer::partial_message:
    return settings.deadlines.partial_message;
  default:
    return std::nullopt;
  }
}

void session::impl::stop(farewell how) {
  if (over_ || std::exchange(stopping_, true))
    return;
  auto shakes_hands = connected();
  auto closes = phase == phase::closing;
  end_attempt();
  cancel_all();
  if (point)
    act(checkpoint{how == farewell::resumable ? point : std::nullopt});
  if (how == farewell::for_good)
    point.reset();
  if (!has_socket_)
    return finish();
  if (!closes) {
    auto code = how == farewell::for_good ? close_for_good : close_resumable;
    act(disconnect{generation, shakes_hands ? code : std::uint16_t{0}});
    enter(phase::closing);
  }
  arm_timer(timer::close, settings.deadlines.close);
}

// -- ways in ------------------------------------------------------------------------------------------

void session::impl::proceed() {
  if (point)
    dial();
  else
    enqueue();
}

void session::impl::enqueue() {
  joined_ = true;
  permit_held_ = false;
  enter(phase::queued);
  act(join_queue{was_ready_});
}

void session::impl::dial() {
  uses_resume_url_ = point && !point->resume_url.empty() && !ladder_.avoids_resume_url();
  const auto& base = uses_resume_url_ ? point->resume_url : settings.main_url;
  decompressor_ = codec::make_decompressor(settings.compression, settings.max_message_bytes);
  has_socket_ = true;
  aborted_ = false;
  resume_sent_ = false;
  replayed_ = 0;
  ++generation;
  enter(phase::connecting);
  act(connect{generation, dial_url(base, settings.compression)});
  arm_timer(timer::connect, settings.deadlines.connect);
}

void session::impl::identify() {
  auto text = identify_payload(settings);
  if (text.size() > payload_bytes_max && presence_remembered) {
    // A bot that runs must not end because of what it plays.
    settings.presence.reset();
    presence_remembered = false;
    act(warned{errc::payload_too_large, "the presence does not fit into IDENTIFY and is left out"});
    text = identify_payload(settings);
  }
  if (text.size() > payload_bytes_max)
    return fail(errc::invalid_configuration,
                "IDENTIFY has " + std::to_string(text.size()) + " bytes and Discord takes 4096; shorten the presence");
  joined_ = false;
  permit_held_ = false;
  committed_ = true;
  identify_unanswered_ = true;
  act(commit_permit{});
  act(transmit{generation, opcode::identify, std::move(text)});
  enter(phase::identifying);
  arm_timer(timer::ready_warning, settings.deadlines.ready_warning);
  arm_timer(timer::ready, settings.deadlines.ready);
}

// -- ways out -----------------------------------------------------------------------------------------

session::impl::trouble session::impl::judge(const connection_closed& closed) {
  if (closed.code == 0)
    return {closed.failure == errc::none ? errc::connection_lost : closed.failure, closed.reason};
  const auto& rule = rule_for(closed.code);
  auto detail = "close code " + std::to_string(closed.code) + " (" + std::string{rule.name} + ")";
  if (!closed.reason.empty())
    detail.append(": ").append(closed.reason);
  switch (rule.then) {
  case after_close::resume:
  case after_close::fail:
    break;
  case after_close::resume_once:
    // If this was the one resume, `end_attempt` gives the session up before the flag is set anew.
    end_attempt();
    resume_once_ = point.has_value();
    break;
  case after_close::wait_resume:
    return {rule.reason, std::move(detail), then::wait};
  case after_close::identify:
    lose_session();
    break;
  }
  return {rule.reason, std::move(detail)};
}

/// Everything that belongs to this connection ends, but for the socket itself.
void session::impl::end_attempt() {
  if (std::exchange(window_open_, false))
    act(close_window{generation});
  settle_identify(false);
  if (std::exchange(joined_, false))
    act(leave_queue{});
  permit_held_ = false;
  if (stopping_)
    return;
  auto before_hello = phase == phase::connecting || phase == phase::awaiting_hello;
  if (before_hello && std::exchange(uses_resume_url_, false))
    ladder_.resume_url_failed();
  if (std::exchange(resume_sent_, false) && (ladder_.resume_failed() || resume_once_))
    lose_session();
}

void session::impl::settle_identify(bool ready) {
  if (std::exchange(committed_, false))
    act(spend_permit{}); // It may have been sent.
  if (std::exchange(identify_unanswered_, false) && (ready || !stopping_))
    act(identify_result{ready});
}

void session::impl::lose_session() {
  resume_once_ = false;
  if (!point)
    return;
  point.reset();
  act(checkpoint{std::nullopt});
}

void session::impl::give_up(trouble what) {
  end_attempt();
  cancel_all();
  if (point)
    act(checkpoint{point});
  if (what.next == then::at_once && phase == phase::ready && now_ - ready_since_ < orderly_after)
    what.next = then::retry;
  switch (what.next) {
  case then::retry:
  case then::wait:
    delay_ = ladder_.next_delay(what.next == then::wait);
    break;
  case then::at_once:
    delay_ = milliseconds{0};
    break;
  case then::invalidated:
    delay_ = ladder_.invalid_session_delay();
    break;
  }
  act(restarting{what.reason, what.detail, delay_, point.has_value()});
  if (!has_socket_) {
    enter(phase::backing_off, what.reason, std::move(what.detail));
    return arm_timer(timer::backoff, delay_);
  }
  act(disconnect{generation, what.code});
  enter(phase::closing, what.reason, std::move(what.detail));
  arm_timer(timer::close, settings.deadlines.close);
}

void session::impl::after_closing() {
  cancel_all();
  if (stopping_)
    return finish();
  enter(phase::backing_off);
  arm_timer(timer::backoff, delay_);
}

void session::impl::fail(errc code, std::string detail) {
  end_attempt();
  cancel_all();
  lose_session();
  if (std::exchange(has_socket_, false))
    act(disconnect{generation, close_resumable});
  enter(phase::failed, code, detail);
  act(failed{{code, std::move(detail)}});
  over_ = true;
}

void session::impl::finish() {
  enter(phase::idle);
  act(stopped{});
  over_ = true;
}

// -- small print --------------------------------------------------------------------------------------

void session::impl::enter(troupe::phase to, errc reason, std::string detail) {
  auto from = std::exchange(phase, to);
  if (from != to)
    act(entered{from, to, reason, std::move(detail)});
}

void session::impl::arm_timer(timer which, clock::duration delay) {
  armed_[static_cast<std::size_t>(which)] = ++last_epoch_;
  act(arm{which, last_epoch_, delay});
}

void session::impl::cancel(timer which) {
  armed_[static_cast<std::size_t>(which)] = 0;
}

void session::impl::cancel_all() {
  armed_.fill(0);
}

bool session::impl::connected() const noexcept {
  switch (phase) {
  case phase::awaiting_hello:
  case phase::awaiting_permit:
  case phase::identifying:
  case phase::resuming:
  case phase::replaying:
  case phase::ready:
    return has_socket_;
  default:
    return false;
  }
}

bool session::impl::dialled_main() const noexcept {
  return !uses_resume_url_;
}

// -- session ------------------------------------------------------------------------------------------

session::session(session_settings settings) : impl_{std::make_unique<impl>(std::move(settings))} {
  // nop
}

session::~session() = default;
session::session(session&&) noexcept = default;
session& session::operator=(session&&) noexcept = default;

void session::start(std::optional<resume_point> point, clock::time_point now, actions& out) {
  impl_->at(now, out).start(std::move(point));
}

void session::on_turn(clock::time_point now, actions& out) {
  impl_->at(now, out).on_turn();
}

void session::on_permit(clock::time_point now, actions& out) {
  impl_->at(now, out).on_permit();
}

void session::on_connected(std::uint64_t generation, clock::time_point now, actions& out) {
  impl_->at(now, out).on_connected(generation);
}

void session::on_frame(std::uint64_t generation, const frame& received, clock::time_point now, actions& out) {
  impl_->at(now, out).on_frame(generation, received);
}

void session::on_identify_written(std::uint64_t generation, clock::time_point now, actions& out) {
  impl_->at(now, out).on_identify_written(generation);
}

void session::on_closed(const connection_closed& closed, clock::time_point now, actions& out) {
  impl_->at(now, out).on_closed(closed);
}

void session::on_timer(timer which, std::uint64_t epoch, clock::time_point now, actions& out) {
  impl_->at(now, out).on_timer(which, epoch);
}

void session::remember_presence(update_presence presence) {
  impl_->settings.presence = std::move(presence);
  impl_->presence_remembered = true;
}

void session::use_main_url(std::string url) {
  impl_->settings.main_url = std::move(url);
}

void session::withhold_reading(bool withheld) noexcept {
  impl_->withhold_reading(withheld);
}

void session::stop(farewell how, clock::time_point now, actions& out) {
  impl_->at(now, out).stop(how);
}

phase session::current_phase() const noexcept {
  return impl_->phase;
}

std::uint64_t session::generation() const noexcept {
  return impl_->generation;
}

std::uint64_t session::sequence() const noexcept {
  return impl_->point ? impl_->point->sequence : 0;
}

std::optional<resume_point> session::resumable() const {
  return impl_->point;
}

const session_settings& session::settings() const noexcept {
  return impl_->settings;
}

} // namespace troupe::gateway
