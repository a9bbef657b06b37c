// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/member_fetches.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace troupe::cache {

std::string member_fetches::begin(std::uint64_t ticket, clock::time_point deadline) {
  auto nonce = "troupe-" + std::to_string(++last_);
  waiting_[nonce] = {ticket, deadline, 0, {}};
  return nonce;
}

std::optional<member_fetches::outcome> member_fetches::on_chunk(const guild_members_chunk& chunk) {
  auto known = waiting_.find(chunk.nonce.value_or(""));
  if (known == waiting_.end())
    return std::nullopt;
  auto& [ticket, deadline, chunks, found] = known->second;
  found.members.insert(found.members.end(), chunk.members.begin(), chunk.members.end());
  if (chunk.not_found)
    found.not_found.insert(found.not_found.end(), chunk.not_found->begin(), chunk.not_found->end());
  // Counted: nothing says that they come in order.
  if (++chunks < chunk.chunk_count)
    return std::nullopt;
  outcome over{ticket, std::move(found)};
  waiting_.erase(known);
  return over;
}

std::optional<member_fetches::outcome> member_fetches::on_rate_limited(const rate_limited& refusal) {
  auto seconds = std::max(0.0, std::ceil(refusal.retry_after));
  return end(refusal.meta.nonce.value_or(""),
             {errc::rate_limited,
              "Discord refuses this request for members for " + std::to_string(static_cast<int>(seconds)) + " s"});
}

std::optional<member_fetches::outcome> member_fetches::on_refused(const std::string& nonce, error why) {
  return end(nonce, std::move(why));
}

std::vector<member_fetches::outcome> member_fetches::expired(clock::time_point now) {
  std::vector<outcome> over;
  std::erase_if(waiting_, [&](const auto& known) {
    if (known.second.deadline > now)
      return false;
    over.push_back({known.second.ticket, error{errc::actor_unreachable, "the chunks of the members did not come"}});
    return true;
  });
  return over;
}

std::optional<member_fetches::clock::time_point> member_fetches::next_deadline() const {
  std::optional<clock::time_point> next;
  for (const auto& [nonce, one] : waiting_)
    next = std::min(next.value_or(one.deadline), one.deadline);
  return next;
}

std::optional<member_fetches::outcome> member_fetches::end(const std::string& nonce, error why) {
  auto known = waiting_.find(nonce);
  if (known == waiting_.end())
    return std::nullopt;
  outcome over{known->second.ticket, std::move(why)};
  waiting_.erase(known);
  return over;
}

} // namespace troupe::cache
