// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/guild_state.hpp"

#include <algorithm>
#include <chrono>

namespace troupe::cache {

timestamp system_now() {
  auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

guild_state::guild_state(snowflake guild, const settings& keep, std::shared_ptr<user_table> users, now_function now)
  : id_{guild}, users_{std::move(users)}, now_{now}, keep_{keep} {
  // nop
}

void guild_state::mark_dirty(std::string_view reason) {
  missing_ = guild_piece | channels_piece | threads_piece;
  dirty_because_ = reason;
  messages_.clear();
}

void guild_state::clear_piece(std::uint8_t piece) {
  missing_ &= static_cast<std::uint8_t>(~piece);
  if (missing_ == 0)
    std::string{}.swap(dirty_because_);
}

std::size_t guild_state::bytes() const noexcept {
  auto reason = dirty_because_.capacity() > std::string{}.capacity() ? allocated(dirty_because_.capacity() + 1) : 0;
  return guild_.bytes() + emojis_.bytes() + stickers_.bytes() + roles_.bytes() + channels_.bytes() + threads_.bytes()
         + members_.bytes() + presences_.bytes() + voice_states_.bytes() + messages_.bytes() + stages_.bytes()
         + scheduled_events_.bytes() + sounds_.bytes() + invites_.bytes() + reason;
}

std::size_t guild_state::shed(std::size_t bytes) {
  auto start = this->bytes();
  auto goal = start - std::min(bytes, start);
  auto missing = [&] { return this->bytes() > goal ? this->bytes() - goal : 0; };
  evicted_messages_ += messages_.shed(bytes);
  // Who is offline is seen from the presences, so before they go.
  std::vector<snowflake> offline;
  if (missing() > 0)
    offline = members_.by_age(
      [this](snowflake user) { return !is_bot(user) && !presences_.contains(user) && !voice_states_.contains(user); });
  if (missing() > 0)
    for (auto user : presences_.raw().ids_where([](snowflake, const blob&) { return true; })) {
      presences_.erase(user);
      if (missing() == 0)
        break;
    }
  for (auto user : offline) {
    if (missing() == 0)
      break;
    members_.erase(user);
    ++evicted_members_;
  }
  return start - this->bytes();
}

void guild_state::forget_all() {
  guild_ = blob{};
  emojis_ = blob{};
  stickers_ = blob{};
  roles_.clear();
  channels_.clear();
  threads_.clear();
  members_.clear();
  presences_.clear();
  voice_states_.clear();
  messages_.clear();
  stages_.clear();
  scheduled_events_.clear();
  sounds_.clear();
  invites_.clear();
  owner_ = {};
  member_count_ = 0;
  clear_piece(guild_piece | channels_piece | threads_piece);
}

} // namespace troupe::cache
