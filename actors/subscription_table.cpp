// SPDX-License-Identifier: BSD-3-Clause
#include "actors/subscription_table.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>

namespace troupe {

std::shared_ptr<const subscription_table> subscription_table::with(const caf::actor& who, const subscribe& what) const {
  auto next = std::make_shared<subscription_table>(*this);
  auto known = std::find_if(next->subscribers_.begin(), next->subscribers_.end(),
                            [&](const subscriber& other) { return other.who == who; });
  if (known == next->subscribers_.end())
    known = next->subscribers_.insert(known, subscriber{who, {}, {}, false});
  if (what.raw && what.events.empty())
    known->all_raw = true;
  for (const auto& name : what.events) {
    if (what.raw)
      known->raw.insert(name);
    else if (find_event_decoder(name) != nullptr)
      known->typed.insert(name);
  }
  next->rebuild();
  return next;
}

std::shared_ptr<const subscription_table> subscription_table::without(const caf::actor_addr& who) const {
  auto next = std::make_shared<subscription_table>(*this);
  std::erase_if(next->subscribers_, [&](const subscriber& other) { return other.who.address() == who; });
  next->rebuild();
  return next;
}

const subscription_table::interest* subscription_table::wants(std::string_view name) const noexcept {
  if (auto named = by_name_.find(name); named != by_name_.end())
    return &named->second;
  return unnamed_.raw.empty() ? nullptr : &unnamed_;
}

void subscription_table::rebuild() {
  by_name_.clear();
  unnamed_ = {};
  for (const auto& subscriber : subscribers_) {
    for (const auto& name : subscriber.typed)
      by_name_[name].decode = find_event_decoder(name);
    for (const auto& name : subscriber.raw)
      by_name_.try_emplace(name);
    if (subscriber.all_raw)
      unnamed_.raw.push_back(subscriber.who);
  }
  for (auto& [name, wanted] : by_name_) {
    for (const auto& subscriber : subscribers_) {
      if (subscriber.typed.contains(name))
        wanted.typed.push_back(subscriber.who);
      if (subscriber.all_raw || subscriber.raw.contains(name))
        wanted.raw.push_back(subscriber.who);
    }
  }
}

} // namespace troupe
