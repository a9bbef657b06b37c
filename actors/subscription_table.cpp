// SPDX-License-Identifier: BSD-3-Clause
#include "actors/subscription_table.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

void add(subscription_table::subscriber& to, const subscribe& what) {
  to.marks = to.marks || what.marks;
  to.all_raw = to.all_raw || (what.raw && what.events.empty());
  for (const auto& name : what.events) {
    if (what.raw)
      to.raw.insert(name);
    else if (find_event_decoder(name) != nullptr)
      to.typed.insert(name);
  }
}

} // namespace

template <class Change>
subscription_table::pointer subscription_table::changed(Change change) const {
  auto next = std::make_shared<subscription_table>(*this);
  change(*next);
  next->rebuild();
  return next;
}

subscription_table::pointer subscription_table::with(const caf::actor& who, const subscribe& what) const {
  return changed([&](subscription_table& next) {
    auto& all = next.subscribers_;
    auto known = std::find_if(all.begin(), all.end(), [&](const subscriber& one) {
      return what.name.empty() ? one.who == who : one.name == what.name;
    });
    // What an actor asked for before it said its name is of that name, too.
    if (known == all.end() && !what.name.empty())
      known = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name.empty() && one.who == who; });
    if (known == all.end()) {
      known = all.insert(known, subscriber{});
      known->key = ++next.last_key_;
      known->who = who;
    } else if (known->who != who) {
      known->who = nullptr;
    }
    if (!what.name.empty())
      known->name = what.name;
    add(*known, what);
  });
}

subscription_table::pointer subscription_table::taken_over(const caf::actor& who,
                                                           const std::vector<subscribe>& asked) const {
  return changed([&](subscription_table& next) {
    for (auto& one : next.subscribers_) {
      if (asked.empty() || one.name != asked.front().name)
        continue;
      one = {one.key, one.name, who, false, {}, {}, false};
      for (const auto& what : asked)
        add(one, what);
    }
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

const subscription_table::interest* subscription_table::wants(std::string_view name) const noexcept {
  if (auto named = by_name_.find(name); named != by_name_.end())
    return &named->second;
  return unnamed_.raw.empty() ? nullptr : &unnamed_;
}

const subscription_table::subscriber* subscription_table::find(std::string_view name) const noexcept {
  auto known =
    std::find_if(subscribers_.begin(), subscribers_.end(), [&](const auto& one) { return one.name == name; });
  return known == subscribers_.end() ? nullptr : &*known;
}

void subscription_table::rebuild() {
  by_name_.clear();
  unnamed_ = {};
  for (const auto& one : subscribers_) {
    for (const auto& name : one.typed)
      by_name_[name].decode = find_event_decoder(name);
    for (const auto& name : one.raw)
      by_name_.try_emplace(name);
  }
  for (std::uint32_t i = 0; i < subscribers_.size(); ++i)
    if (subscribers_[i].all_raw)
      unnamed_.raw.push_back(i);
  for (auto& [name, wanted] : by_name_) {
    wanted.event = name;
    for (std::uint32_t i = 0; i < subscribers_.size(); ++i) {
      const auto& one = subscribers_[i];
      if (one.typed.contains(name))
        wanted.typed.push_back(i);
      if (one.all_raw || one.raw.contains(name))
        wanted.raw.push_back(i);
    }
  }
}

} // namespace troupe
