// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/messages.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace troupe::cache {

// Changes a log that is there, keeps the sums, and forgets it where it became empty.
template <class Change>
void messages::change_log(snowflake channel, Change change) {
  auto* found = logs_.find(channel);
  if (found == nullptr)
    return;
  owned_ -= found->bytes();
  size_ -= found->size();
  change(*found);
  owned_ += found->bytes();
  size_ += found->size();
  if (found->size() == 0)
    logs_.erase(channel);
}

std::optional<message> messages::get(snowflake channel, snowflake id) const {
  const auto* found = logs_.find(channel);
  return found == nullptr ? std::nullopt : found->get(id);
}

message_page messages::page(snowflake channel, snowflake before, std::size_t limit) const {
  message_page found;
  const auto* log_of = logs_.find(channel);
  if (log_of == nullptr)
    return found;
  snowflake below{before ? before.value : std::numeric_limits<std::uint64_t>::max()};
  log_of->raw().each_before(below, [&](snowflake id, const blob& packed) {
    found.more = found.messages.size() == limit;
    if (!found.more)
      found.messages.push_back(log::open(id, packed));
    return !found.more;
  });
  return found;
}

std::size_t messages::put(const message& what, std::size_t bound) {
  if (bound == 0)
    return 0;
  std::size_t went = 0;
  static_cast<void>(logs_[what.channel_id]);
  change_log(what.channel_id, [&](log& in) {
    in.put(what.id, what);
    for (; in.size() > bound; ++went)
      in.erase(in.raw().lowest());
  });
  return went;
}

void messages::replace(const message& what) {
  change_log(what.channel_id, [&](log& in) { in.put(what.id, what); });
}

void messages::erase(snowflake channel, snowflake id) {
  change_log(channel, [id](log& in) { in.erase(id); });
}

void messages::erase_channel(snowflake channel) {
  change_log(channel, [](log& in) { in.clear(); });
}

void messages::clear() noexcept {
  *this = messages{};
}

std::size_t messages::shed(std::size_t bytes) {
  std::vector<std::pair<snowflake, snowflake>> oldest;
  logs_.each([&](snowflake channel, const log& in) {
    in.raw().each([&](snowflake id, const blob&) { oldest.emplace_back(id, channel); });
  });
  std::sort(oldest.begin(), oldest.end());
  std::size_t went = 0;
  for (auto goal = this->bytes() - std::min(bytes, this->bytes()); went < oldest.size() && this->bytes() > goal; ++went)
    erase(oldest[went].second, oldest[went].first);
  return went;
}

} // namespace troupe::cache
