// SPDX-License-Identifier: BSD-3-Clause
#include "actors/subscription_table.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

// Whoever gets one has three seconds to answer Discord: it never waits behind other events.
constexpr std::string_view urgent_event = "INTERACTION_CREATE";

using rules = std::vector<const subscription_rule*>;

// Empty where one of them takes everything.
rules conditions(rules all) {
  auto any = std::any_of(all.begin(), all.end(), [](const auto* rule) { return rule->unconditional(); });
  return any ? rules{} : all;
}

} // namespace

template <class Change>
subscription_table::pointer subscription_table::changed(Change change) const {
  auto next = std::make_shared<subscription_table>();
  next->subscribers_ = subscribers_;
  next->last_key_ = last_key_;
  change(*next);
  next->rebuild();
  return next;
}

subscription_table::pointer subscription_table::with(const caf::actor& who, const subscribe& what,
                                                     std::shared_ptr<const event_filter> only) const {
  return changed([&](subscription_table& next) {
    auto& all = next.subscribers_;
    auto known = std::find_if(all.begin(), all.end(), [&](const subscriber& one) {
      return what.name.empty() ? one.who == who : one.name == what.name;
    });
    // What an actor asked for before it said its name is of that name, too.
    if (known == all.end() && !what.name.empty())
      known = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name.empty() && one.who == who; });
    auto request = what;
    if (known == all.end()) {
      known = all.insert(known, subscriber{});
      known->key = ++next.last_key_;
      known->who = who;
    } else if (known->who != who) {
      known->who = nullptr;
      request.replace = false; // What its predecessor wanted is wanted until it is settled what the successor wants.
    }
    if (!what.name.empty())
      known->name = what.name;
    known->wishes.add(request, std::move(only));
  });
}

subscription_table::pointer subscription_table::taken_over(const caf::actor& who, std::string_view name,
                                                           subscription_wishes asked) const {
  return changed([&](subscription_table& next) {
    for (auto& one : next.subscribers_) {
      if (one.name != name)
        continue;
      one.who = who;
      one.wishes = std::move(asked);
      return;
    }
  });
}

subscription_table::pointer subscription_table::without(const caf::actor& who,
                                                        const std::vector<std::string>& events) const {
  return changed([&](subscription_table& next) {
    for (auto& one : next.subscribers_)
      if (one.who == who)
        one.wishes.drop(events);
  });
}

subscription_table::pointer subscription_table::crashed(const caf::actor_addr& who) const {
  return changed([&](subscription_table& next) {
    std::erase_if(next.subscribers_,
                  [&](const subscriber& one) { return one.name.empty() && one.who.address() == who; });
    for (auto& one : next.subscribers_)
      if (one.who != nullptr && one.who.address() == who)
        one.who = nullptr;
  });
}

subscription_table::pointer subscription_table::without(const caf::actor_addr& who) const {
  return changed([&](subscription_table& next) {
    std::erase_if(next.subscribers_,
                  [&](const subscriber& one) { return one.who != nullptr && one.who.address() == who; });
  });
}

subscription_table::pointer subscription_table::without(std::string_view name) const {
  return changed([&](subscription_table& next) {
    std::erase_if(next.subscribers_, [&](const subscriber& one) { return one.name == name; });
  });
}

const subscription_table::interest* subscription_table::wants(std::string_view name,
                                                              std::uint32_t shard) const noexcept {
  auto named = by_name_.find(name);
  const auto& found = named == by_name_.end() ? unnamed_ : named->second;
  if (found.recipients.empty())
    return nullptr;
  if (!found.shards.empty() && !std::binary_search(found.shards.begin(), found.shards.end(), shard))
    return nullptr;
  return &found;
}

const subscription_table::subscriber* subscription_table::find(std::string_view name) const noexcept {
  auto known =
    std::find_if(subscribers_.begin(), subscribers_.end(), [&](const auto& one) { return one.name == name; });
  return known == subscribers_.end() ? nullptr : &*known;
}

void subscription_table::rebuild() {
  for (const auto& one : subscribers_) {
    for (const auto& rule : one.wishes.rules) {
      for (const auto& name : rule->events)
        by_name_.try_emplace(name);
      for (const auto& name : rule->except)
        by_name_.try_emplace(name);
      if (rule->events.empty())
        by_name_.try_emplace(std::string{urgent_event});
    }
  }
  for (auto& [name, wanted] : by_name_) {
    wanted.event = name;
    fill(wanted, name);
  }
  fill(unnamed_, {});
}

void subscription_table::fill(interest& wanted, std::string_view name) const {
  std::vector<recipient> raws;
  auto everywhere = false;
  for (std::uint32_t i = 0; i < subscribers_.size(); ++i) {
    const auto& wishes = subscribers_[i].wishes;
    rules typed;
    rules previous;
    rules raw;
    auto own_lane = false;
    for (const auto& rule : wishes.rules) {
      if (!rule->names(name))
        continue;
      (rule->raw ? raw : rule->previous ? previous : typed).push_back(rule.get());
      own_lane = own_lane || rule->own_lane;
      everywhere = everywhere || rule->shards.empty();
      wanted.shards.insert(wanted.shards.end(), rule->shards.begin(), rule->shards.end());
    }
    // What takes the way through its guild overtakes nothing.
    auto lane = name == urgent_event || (own_lane && previous.empty());
    auto add = [&](std::vector<recipient>& to, form as, const rules& which) {
      if (which.empty())
        return;
      recipient next{i * 2 + (lane ? 1 : 0), as, !lane && wishes.wants_previous(), false, conditions(which)};
      next.asks = std::any_of(next.rules.begin(), next.rules.end(), [](const auto* rule) { return rule->only; });
      wanted.filtered = wanted.filtered || !next.rules.empty();
      wanted.relayed = wanted.relayed || next.relayed;
      to.push_back(std::move(next));
    };
    add(wanted.recipients, form::with_previous, previous);
    // Nothing is left for the plain form where everything comes with its previous state.
    if (previous.empty() || !conditions(previous).empty())
      add(wanted.recipients, form::typed, typed);
    add(raws, form::raw, raw);
  }
  if (!wanted.recipients.empty())
    wanted.decode = find_event_decoder(name);
  wanted.guild = find_event_guild(name);
  wanted.raw = !raws.empty();
  wanted.recipients.insert(wanted.recipients.end(), std::make_move_iterator(raws.begin()),
                           std::make_move_iterator(raws.end()));
  if (everywhere)
    wanted.shards.clear();
  std::sort(wanted.shards.begin(), wanted.shards.end());
}

} // namespace troupe
