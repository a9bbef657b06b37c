// SPDX-License-Identifier: BSD-3-Clause
#include "actors/guild_router.hpp"

#include "messages/discord/guild_events.hpp"
#include "messages/inspect.hpp"

#include <algorithm>

namespace troupe {

guild_router::guild_router(std::shared_ptr<guild_directory> directory, shard_id shard)
  : directory_{std::move(directory)}, shard_{shard} {
  if (directory_)
    progress_ = directory_->progress_of(shard);
}

const guild_effect* guild_router::effect_of(std::string_view event, std::string_view session_id,
                                            std::uint64_t sequence) const {
  if (!directory_ || !directory_->kept().wants(event))
    return nullptr;
  if (progress_->session_id == session_id && sequence <= progress_->sequence)
    return nullptr;
  return find_guild_effect(event);
}

std::optional<guild_router::order> guild_router::route(const guild_effect& effect, const caf::message& event) {
  auto guild = effect.guild(event);
  if (!guild || guild->value == 0)
    return std::nullopt;
  order made{at(*guild, event.match_elements<guild_create>()), {.effect = &effect, .event = event, .relay_to = {}}};
  if (!made.to)
    return std::nullopt;
  // An outage is no removal.
  if (event.match_elements<guild_delete>() && !event.get_as<guild_delete>(0).unavailable.value_or(false)) {
    directory_->forget(*guild);
    known_.erase(*guild);
  }
  return made;
}

std::vector<guild_router::order> guild_router::begin_session(const ready& event) {
  std::vector<order> orders;
  if (!directory_)
    return orders;
  directory_->users()->set_bot(event.user.id);
  for (auto guild : directory_->guilds()) {
    if (!shard_.owns(guild))
      continue;
    auto stays =
      std::any_of(event.guilds.begin(), event.guilds.end(), [&](const auto& one) { return one.id == guild; });
    if (stays)
      orders.push_back({at(guild, false), {.effect = &new_session_effect(), .event = {}, .relay_to = {}}});
    else if (auto gone = route(*find_guild_effect(guild_delete::event_name),
                               caf::make_message(guild_delete{guild, std::nullopt})))
      orders.push_back(std::move(*gone));
  }
  return orders;
}

void guild_router::passed(std::string_view session_id, std::uint64_t sequence) {
  if (!progress_)
    return;
  if (progress_->session_id != session_id)
    *progress_ = {std::string{session_id}, 0};
  // A replay begins before what the guilds heard already.
  progress_->sequence = std::max(progress_->sequence, sequence);
}

guild_actor guild_router::find(snowflake guild) {
  auto known = known_.find(guild);
  return known != known_.end() && !known->second.meter->gone ? known->second.who : guild_actor{};
}

guild_actor guild_router::at(snowflake guild, bool joins) {
  if (auto known = known_.find(guild); known != known_.end() && !known->second.meter->gone)
    return known->second.who;
  auto found = directory_->find_or_start(guild, joins);
  if (found.who)
    known_[guild] = found;
  return found.who;
}

} // namespace troupe
