// SPDX-License-Identifier: BSD-3-Clause
// The bot of a world: it gets all events, raw, and tells the judges. Sometimes an event is poison for it.
#include "messages/bot.hpp"
#include "messages/inspect.hpp"

#include "actors/simulation/world.hpp"

#include <memory>
#include <stdexcept>

namespace troupe::simulation {

caf::behavior world::observe(bot* self) {
  self->subscribe_raw();
  newest_bots_[path_of(*self)] = self->id();
  auto lives = std::make_shared<std::uint64_t>(1);
  if (const auto* kept = self->kept_state<std::uint64_t>()) {
    *lives += *kept;
    sometimes.hit("a guild's bot found what its predecessor kept");
  }
  return {
    [this, self](const raw_event& event) {
      // One that was given up because it did not end may wake up later: what it handles then counts for nobody.
      if (newest_bots_[path_of(*self)] == self->id())
        on_event(event, *self);
    },
    [lives](const bot_sleeping&) { return keep{*lives}; },
  };
}

std::string world::path_of(const bot& one) const {
  if (one.guild())
    return bot_path + ("/" + to_string(*one.guild()));
  return one.shard() ? bot_path + ("/" + std::to_string(*one.shard())) : bot_path;
}

std::string world::any_bot() {
  auto all = up_ ? tree_.paths() : std::vector<std::string>{};
  std::erase_if(all, [](const std::string& path) { return !path.starts_with(bot_path); });
  return all.empty() ? bot_path : all[random_() % all.size()];
}

void world::on_event(const raw_event& event, const bot& by) {
  take_dispatches();
  if (poison > 0) {
    auto name = to_string(event.shard) + " " + std::to_string(event.sequence);
    if (poisoned.empty())
      poisoned = name;
    if (poisoned == name) {
      --poison;
      sometimes.hit("a subscriber crashed on an event");
      throw std::runtime_error{"event " + name + " is poison"};
    }
  }
  auto* of = history.find(event.shard.index, event.sequence, *event.json);
  if (of != nullptr) {
    order.on_handled(*of, event.sequence, by.guild() ? by.guild()->value : 0);
    auto marked = marks.marked();
    marks.on_handled(*of, event.sequence, event.replayed || event.redelivered);
    if (marks.marked() != marked)
      sometimes.hit("an event was handled twice, marked");
  }
  lost.on_handled(of, event.shard, event.sequence);
  note_violations();
  ++handled;
  ++handled_by_shard[event.shard.index];
}

} // namespace troupe::simulation
