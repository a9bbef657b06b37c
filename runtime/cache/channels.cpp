// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/channels.hpp"

#include "runtime/cache/packing.hpp"

#include <utility>

namespace troupe::cache {

namespace {

// An id that is kept aside is absent in the packed channel.
snowflake set_aside(maybe<snowflake>& field) {
  auto value = field.value_or(snowflake{});
  if (value)
    field.reset();
  return value;
}

} // namespace

channel channels::open(snowflake id, const record& from) {
  auto what = unpack<channel>(from.packed.view());
  what.id = id;
  if (from.last_message)
    what.last_message_id = from.last_message;
  if (from.parent)
    what.parent_id = from.parent;
  return what;
}

std::optional<channel> channels::get(snowflake id) const {
  const auto* found = table_.find(id);
  return found == nullptr ? std::nullopt : std::optional{open(id, *found)};
}

std::vector<channel> channels::all(std::optional<snowflake> parent) const {
  std::vector<channel> found;
  table_.each([&](snowflake id, const record& one) {
    if (!parent || one.parent == *parent)
      found.push_back(open(id, one));
  });
  return found;
}

void channels::put(channel what) {
  what.guild_id.reset();
  auto last_message = set_aside(what.last_message_id);
  auto parent = set_aside(what.parent_id);
  auto packed = pack_here(what);
  auto& slot = table_[what.id];
  slot.last_message = last_message;
  slot.parent = parent;
  if (slot.packed && slot.packed.view() == packed)
    return;
  owned_ -= slot.packed.bytes();
  slot.packed = blob{packed};
  owned_ += slot.packed.bytes();
}

bool channels::note_message(snowflake id, snowflake message) {
  auto* found = table_.find(id);
  if (found == nullptr || message <= found->last_message)
    return false;
  found->last_message = message;
  return true;
}

bool channels::erase(snowflake id) {
  const auto* found = table_.find(id);
  if (found == nullptr)
    return false;
  owned_ -= found->packed.bytes();
  return table_.erase(id);
}

void channels::clear() noexcept {
  table_.clear();
  owned_ = 0;
}

std::vector<snowflake> channels::below(snowflake parent) const {
  return table_.ids_where([parent](snowflake, const record& one) { return one.parent == parent; });
}

std::vector<snowflake> channels::ids() const {
  return table_.ids_where([](snowflake, const record&) { return true; });
}

} // namespace troupe::cache
