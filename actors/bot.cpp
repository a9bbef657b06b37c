// SPDX-License-Identifier: BSD-3-Clause
#include "actors/bot.hpp"

#include "messages/inspect.hpp"
#include "messages/rest.hpp"
#include "messages/shard.hpp"
#include "messages/subscription.hpp"

#include "runtime/codec/json.hpp"
#include "runtime/log/log.hpp"

#include "actors/supervision/shutdown.hpp"
#include "actors/system.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message_view.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;

// Above the HTTP deadline with all repeats.
constexpr auto rest_patience = 300s;
// A command may wait for its place in the send window.
constexpr auto command_patience = 180s;
// Of a rule that takes nothing.
constexpr auto no_shard = std::numeric_limits<std::uint32_t>::max();

} // namespace

bot::bot(caf::actor_config& cfg) : caf::event_based_actor{cfg} {
  set_exception_handler([this](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& err) {
      return make_error(errc::internal, "bot " + name_ + " threw: " + err.what());
    } catch (...) {
      return make_error(errc::internal, "bot " + name_ + " threw something that is no std::exception");
    }
  });
  set_default_handler([this](caf::scheduled_actor* self, caf::message_view& view) -> caf::result<caf::message> {
    if (view.content().match_elements<event_marks>())
      on_marks(view.content().get_as<event_marks>(0));
    else if (view.content().match_elements<bot_stopping>())
      quit(caf::exit_reason::normal);
    else
      log::debug("Bot {} drops a message that it has no handler for.", self->name());
    if (self->current_message_id().is_request())
      return caf::sec::unexpected_message;
    // Nobody waits for an answer: an error would come as a message, and those end whoever gets them.
    return caf::delegated<caf::message>{};
  });
  set_exit_handler([this](const caf::exit_msg& msg) {
    if (msg.reason == caf::exit_reason::user_shutdown)
      shut_down(msg.reason);
    else if (msg.reason)
      quit(msg.reason);
  });
  set_down_handler(
    [](caf::scheduled_actor* self, caf::down_msg&) { log::debug("Bot {} drops a down message.", self->name()); });
}

void bot::shut_down(const caf::error& reason) {
  successor_follows_ = precedes_restart(reason);
  send(this, bot_stopping{}); // Behind the events that wait: they are handled first.
}

void bot::quit(caf::error reason) {
  auto done = !reason || reason == caf::exit_reason::normal;
  event_based_actor::quit(done && successor_follows_ ? shutdown_reason(true) : std::move(reason));
}

const char* bot::name() const {
  return name_.c_str();
}

void bot::equip(std::string name, bot_services services, bot_place place) {
  name_ = std::move(name);
  services_ = std::move(services);
  place_ = std::move(place);
}

void bot::subscribe(std::vector<std::string> events, subscribe_options options) {
  subscribe_to(std::move(events), false, std::move(options), nullptr);
}

void bot::subscribe_raw(std::vector<std::string> events, subscribe_options options) {
  subscribe_to(std::move(events), true, std::move(options), nullptr);
}

void bot::subscribe_to(std::vector<std::string> events, bool raw, subscribe_options options,
                       std::shared_ptr<const event_filter> only) {
  hands_on_ = hands_on_ || options.relays;
  auto who = subscriber();
  if (!who)
    return;
  if (place_.shard) {
    auto never = !options.shards.empty()
                 && std::find(options.shards.begin(), options.shards.end(), *place_.shard) == options.shards.end();
    options.shards = {never ? no_shard : *place_.shard};
  }
  troupe::subscribe what{.events = std::move(events),
                         .raw = raw,
                         .name = place_.front_name.empty() ? name_ : place_.front_name,
                         .marks = true,
                         .guilds = std::move(options.guilds),
                         .shards = std::move(options.shards),
                         .previous = options.previous,
                         .relays = options.relays || subscribes_for_others(),
                         .window = options.window,
                         .own_lane = options.own_lane,
                         .replace = options.replace};
  auto refused = [this](const caf::error& err) { quit(err); };
  if (only != nullptr)
    request(services_.subscriptions, 10s, subscribe_where{std::move(what), std::move(only)}, who)
      .then([](const subscribed&) {}, refused);
  else
    request(services_.subscriptions, 10s, std::move(what), who).then([](const subscribed&) {}, refused);
}

void bot::unsubscribe(std::vector<std::string> events) {
  if (auto who = subscriber())
    request(services_.subscriptions, 10s, troupe::unsubscribe{std::move(events)}, who)
      .then([](const subscribed&) {}, [this](const caf::error& err) { quit(err); });
}

caf::actor bot::subscriber() {
  if (!place_.front)
    return caf::actor{this};
  // What it asks for at its start its front asked for before it.
  return starting_ ? caf::actor{} : caf::actor_cast<caf::actor>(place_.front);
}

bool bot::subscribes_for_others() const noexcept {
  return place_.rehearsal || place_.front != nullptr;
}

void bot::on_marks(const event_marks& now) {
  std::pair where{now.lane, now.shard.index};
  if (now.replayed || now.redelivered)
    marks_[where] = {caf::actor_cast<caf::actor_addr>(current_sender()), now.replayed, now.redelivered};
  else
    marks_.erase(where);
}

const bot::sender_marks* bot::marks() const {
  if (marks_.empty())
    return nullptr;
  auto* self = const_cast<bot*>(this);
  const auto& sender = self->current_sender();
  auto lane = self->current_message_id().is_urgent_message();
  auto found = std::find_if(marks_.begin(), marks_.end(), [&](const auto& known) {
    return known.first.first == lane && known.second.sender == sender;
  });
  return found == marks_.end() ? nullptr : &found->second;
}

bool bot::replayed() const {
  const auto* known = marks();
  return known != nullptr && known->replayed;
}

bool bot::redelivered() const {
  const auto* known = marks();
  return known != nullptr && known->redelivered;
}

void bot::subscribe_lifecycle() {
  if (!place_.rehearsal)
    send(services_.lifecycle, troupe::subscribe_lifecycle{}, caf::actor{this});
}

void bot::reply(const message_create& message, std::string text) {
  std::string body = "{\"content\":";
  codec::append_string(body, text);
  body += ",\"message_reference\":{\"message_id\":\"" + to_string(message.id) + "\",\"fail_if_not_exists\":false}}";
  post_message(message.channel_id, std::move(body));
}

void bot::send_message(snowflake channel, std::string text) {
  std::string body = "{\"content\":";
  codec::append_string(body, text);
  post_message(channel, body + "}");
}

void bot::post_message(snowflake channel, std::string body) {
  if (place_.rehearsal)
    return;
  rest_request call{.method = "POST", .path = "/channels/" + to_string(channel) + "/messages", .body = std::move(body)};
  request(services_.rest, rest_patience, std::move(call))
    .then(
      [this, channel](const rest_response& answer) {
        if (answer.status / 100 != 2)
          log::warn("Bot {} could not send a message to channel {}: Discord answered {}.", name_, to_string(channel),
                    answer.status);
      },
      [this, channel](const caf::error& err) {
        log::warn("Bot {} could not send a message to channel {}: {}", name_, to_string(channel),
                  to_string(to_error(err)));
      });
}

void bot::submit(snowflake guild, command what) {
  submit_to(guild, std::move(what));
}

template <class Where>
void bot::submit_to(Where where, command what) {
  if (place_.rehearsal)
    return;
  request(services_.shards, command_patience, submit_command{std::move(what)}, where)
    .then(
      [this](const command_result& result) {
        if (result.outcome != command_outcome::sent)
          log::warn("A command of bot {} was not sent: {}", name_, to_string(error{result.reason, result.detail}));
      },
      [this](const caf::error& err) {
        log::warn("A command of bot {} was not sent: {}", name_, to_string(to_error(err)));
      });
}

void bot::set_presence(update_presence presence) {
  if (place_.rehearsal)
    return;
  request(services_.shards, 10s, shard_set_status_request{})
    .then(
      [this, presence = std::move(presence)](const shard_set_status& all) {
        for (const auto& one : all.shards)
          submit_to(one.shard.index, presence);
      },
      [this](const caf::error& err) {
        log::warn("Bot {} could not set its presence: {}", name_, to_string(to_error(err)));
      });
}

} // namespace troupe
