// SPDX-License-Identifier: BSD-3-Clause
#include "actors/event_intake.hpp"

#include "messages/discord/events.hpp"
#include "messages/fwd.hpp"
#include "messages/inspect.hpp"

#include "runtime/log/log.hpp"

#include "actors/event_guild.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace troupe {

namespace {

using form = subscription_table::form;

std::optional<error> decode(const subscription_table::interest& wanted, std::string_view json, event_ring::event& to) {
  if (!to.typed.empty())
    return std::nullopt;
  auto decoded = wanted.decode(json);
  if (!decoded)
    return decoded.error();
  to.typed = std::move(*decoded);
  return std::nullopt;
}

caf::message copy(const event_view& what, bool replayed) {
  return caf::make_message(raw_event{what.shard, what.sequence, std::string{what.name},
                                     std::make_shared<const std::string>(what.json), replayed});
}

} // namespace

std::optional<error> event_intake::take(const subscription_table::interest& wanted, const event_view& what,
                                        event_ring::event& to) {
  guild_known_ = false;
  if (wanted.filtered)
    return select(wanted, what, to);
  std::optional<error> spoiled;
  if (wanted.decode != nullptr && (spoiled = decode(wanted, what.json, to))) {
    to.who = selection::nobody();
    for (std::size_t i = 0; i < wanted.recipients.size(); ++i)
      if (wanted.recipients[i].as == form::raw)
        to.who.add(i);
  }
  if (wanted.raw)
    to.raw = copy(what, to.replayed);
  if (wanted.relayed)
    guild_of(wanted, what, to);
  if (wanted.decode == nullptr)
    to.typed.reset(); // Somebody else needed it.
  return spoiled;
}

std::optional<error> event_intake::select(const subscription_table::interest& wanted, const event_view& what,
                                          event_ring::event& to) {
  const auto& all = wanted.recipients;
  std::optional<error> spoiled;
  // Where it is decoded whatever the filters say, the guild is found in the struct.
  if (std::any_of(all.begin(), all.end(), [](const auto& one) { return one.rules.empty() && one.as != form::raw; }))
    spoiled = decode(wanted, what.json, to);
  to.who = selection::nobody();
  auto typed = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!taken(wanted, all[i], what, to, false))
      continue;
    to.who.add(i);
    typed = typed || all[i].as != form::raw;
  }
  if (typed && !spoiled)
    spoiled = decode(wanted, what.json, to);
  typed = false;
  auto raw = false;
  auto previous = all.size();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!to.who.has(i))
      continue;
    auto is_raw = all[i].as == form::raw;
    auto twice = all[i].as == form::typed && previous < i && all[previous].slot == all[i].slot;
    if (twice || (spoiled && !is_raw) || (all[i].asks && !taken(wanted, all[i], what, to, true))) {
      to.who.remove(i);
      continue;
    }
    (is_raw ? raw : typed) = true;
    if (all[i].as == form::with_previous)
      previous = i;
  }
  if (raw)
    to.raw = copy(what, to.replayed);
  if (wanted.relayed && to.who.any())
    guild_of(wanted, what, to);
  if (!typed)
    to.typed.reset();
  return spoiled;
}

bool event_intake::taken(const subscription_table::interest& wanted, const recipient& by, const event_view& what,
                         event_ring::event& to, bool ask) {
  if (by.rules.empty())
    return true;
  return std::any_of(by.rules.begin(), by.rules.end(), [&](const subscription_rule* rule) {
    return rule->takes(what.shard.index) && (rule->guilds.empty() || rule->takes(guild_of(wanted, what, to)))
           && (!ask || rule->only == nullptr || kept(*rule->only, what, to));
  });
}

bool event_intake::kept(const event_filter& by, const event_view& what, const event_ring::event& event) {
  try {
    return by.is_raw() ? by.keeps(what) : by.keeps(event.typed.at(0));
  } catch (const std::exception& err) {
    ++failures_;
    if (by.first_failure())
      log::error("A predicate over {} threw, which lets the event pass; said once: {}", what.name, err.what());
  } catch (...) {
    ++failures_;
    if (by.first_failure())
      log::error("A predicate over {} threw something that is no std::exception, which lets the event pass; said once.",
                 what.name);
  }
  return true;
}

snowflake event_intake::guild_of(const subscription_table::interest& wanted, const event_view& what,
                                 event_ring::event& to) {
  if (!std::exchange(guild_known_, true))
    to.guild = wanted.guild != nullptr && !to.typed.empty() ? wanted.guild(to.typed) : find_guild(what.name, what.json);
  return to.guild;
}

} // namespace troupe
