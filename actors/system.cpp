// SPDX-License-Identifier: BSD-3-Clause
#include "actors/system.hpp"

#include "messages/bot.hpp"
#include "messages/command.hpp"
#include "messages/connection.hpp"
#include "messages/discord/events.hpp"
#include "messages/guild_cache.hpp"
#include "messages/identify.hpp"
#include "messages/inspect.hpp"
#include "messages/interfaces.hpp"
#include "messages/lifecycle.hpp"
#include "messages/previous.hpp"
#include "messages/rest.hpp"
#include "messages/shard.hpp"
#include "messages/subscription.hpp"
#include "messages/supervision.hpp"

#include <caf/exit_reason.hpp>
#include <caf/init_global_meta_objects.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <thread>

namespace troupe {

namespace {

constexpr auto category = caf::atom("troupe");

// An actor with a full mailbox leaves its thread to others after so many messages.
constexpr std::size_t turn_length = 100;

std::string detail_of(const caf::error& err) {
  const auto& context = err.context();
  return context.match_elements<std::string>() ? context.get_as<std::string>(0) : std::string{};
}

} // namespace

actor_config::actor_config() {
  add_message_types<caf::id_block::troupe_events>();
  add_message_types<caf::id_block::troupe_messages>();
  add_message_types<caf::id_block::troupe_actors>();
  add_error_category(category, [](std::uint8_t code, caf::atom_value, const caf::message& context) {
    caf::error err{code, category, context};
    return to_string(to_error(err));
  });
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-throughput", turn_length);
  // At least two, so that one actor that is busy for long does not stop all others.
  set("scheduler.max-threads", static_cast<std::size_t>(std::max(2u, std::thread::hardware_concurrency())));
}

caf::error make_error(errc code, std::string detail) {
  if (code == errc::none)
    return {};
  return caf::error{static_cast<std::uint8_t>(code), category,
                    detail.empty() ? caf::message{} : caf::make_message(std::move(detail))};
}

error to_error(const caf::error& err) {
  if (!err)
    return {};
  if (err.category() == category)
    return {static_cast<errc>(err.code()), detail_of(err)};
  if (err.category() == caf::atom("exit"))
    return {errc::actor_unreachable, to_string(static_cast<caf::exit_reason>(err.code()))};
  if (err.category() != caf::atom("system"))
    return {errc::internal, caf::to_string(err)};
  auto code = static_cast<caf::sec>(err.code());
  auto nobody = code == caf::sec::request_timeout || code == caf::sec::request_receiver_down;
  return {nobody ? errc::actor_unreachable : errc::internal, to_string(code)};
}

} // namespace troupe
