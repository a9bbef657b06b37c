// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/invites.hpp"

#include "runtime/cache/packing.hpp"

#include <algorithm>
#include <utility>

namespace troupe::cache {

std::size_t invites::weight(const entry& of) noexcept {
  auto inside = std::string{}.capacity();
  return of.packed.bytes() + (of.code.capacity() > inside ? allocated(of.code.capacity() + 1) : 0);
}

std::vector<invites::entry>::iterator invites::place_of(const std::string& code) {
  return std::lower_bound(list_.begin(), list_.end(), code,
                          [](const entry& one, const std::string& than) { return one.code < than; });
}

void invites::put(const invite_create& what) {
  auto place = place_of(what.code);
  if (place == list_.end() || place->code != what.code)
    place = list_.insert(place, entry{what.code, blob{}});
  else
    owned_ -= weight(*place);
  place->packed = blob{pack_here(what)};
  owned_ += weight(*place);
}

void invites::erase(const std::string& code) {
  auto place = place_of(code);
  if (place == list_.end() || place->code != code)
    return;
  owned_ -= weight(*place);
  list_.erase(place);
  if (list_.empty())
    clear();
}

void invites::erase_channel(snowflake channel) {
  for (const auto& one : all())
    if (one.channel_id == channel)
      erase(one.code);
}

void invites::clear() noexcept {
  *this = invites{};
}

std::vector<invite_create> invites::all() const {
  std::vector<invite_create> found;
  found.reserve(list_.size());
  for (const auto& one : list_)
    found.push_back(unpack<invite_create>(one.packed.view()));
  return found;
}

} // namespace troupe::cache
