// SPDX-License-Identifier: BSD-3-Clause
// The members of a guild: each a share of its user, and what it is in this guild, packed.
#pragma once

#include "messages/discord/member.hpp"
#include "messages/snowflake.hpp"

#include "runtime/cache/id_table.hpp"
#include "runtime/cache/user_table.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::cache {

/// How a member that comes goes over the one that is known.
enum class member_news : std::uint8_t {
  whole,  ///< It is all there is about it: GUILD_CREATE, GUILD_MEMBER_ADD, GUILD_MEMBERS_CHUNK.
  update, ///< Absent is unchanged: GUILD_MEMBER_UPDATE, and members inside of other events.
};

/// One member in memory: its user, when it was seen last, and the packed rest. As large as a pointer.
class member_record {
public:
  member_record() noexcept = default;
  member_record(user_ref user, std::string_view packed);
  member_record(member_record&& other) noexcept : head_{std::exchange(other.head_, nullptr)} {
    // nop
  }
  member_record& operator=(member_record&& other) noexcept {
    std::swap(head_, other.head_);
    return *this;
  }
  ~member_record();

  /// What it takes from the heap.
  [[nodiscard]] std::size_t bytes() const noexcept;

private:
  friend class members;

  struct head {
    user_ref user;
    std::uint32_t seen;
    std::uint32_t size;
  };

  [[nodiscard]] std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(head_ + 1), head_->size};
  }

  head* head_ = nullptr;
};

/// The members of a guild. Not thread-safe.
class members {
public:
  /// How many there are.
  [[nodiscard]] std::size_t size() const noexcept {
    return table_.size();
  }

  /// What they take from the heap, their users not counted.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return table_.bytes() + owned_;
  }

  /// Whether there is one.
  [[nodiscard]] bool contains(snowflake user) const noexcept {
    return table_.find(user) != nullptr;
  }

  /// A member with its user.
  [[nodiscard]] std::optional<member> get(snowflake user) const;

  /// A member without its user.
  [[nodiscard]] std::optional<member> get_bare(snowflake user) const;

  /// Takes a member, who counts as seen.
  /// @param who its user as it came, if it did; `what.user` and `what.permissions` are not looked at.
  /// @param users where it goes; null where users are not kept.
  void put(snowflake user, const member& what, member_news news, const troupe::user* who, user_table* users);

  /// Takes what a presence says about a user, where that is a member.
  void update_user(const partial_user& who, user_table& users);

  /// @returns whether there was one.
  bool erase(snowflake user);

  /// Forgets all.
  void clear() noexcept;

  /// The users above `after`, in the order of ids, at most `limit`.
  [[nodiscard]] std::vector<snowflake> page(snowflake after, std::size_t limit) const;

  /// Once there are more than `bound`, those who were not seen for longest go, a sixteenth of the bound at once.
  /// @param keep never goes. @returns how many went.
  std::size_t evict(std::size_t bound, snowflake keep);

  /// Users for whom `which` holds, those first who were not seen for longest.
  [[nodiscard]] std::vector<snowflake> by_age(const std::function<bool(snowflake)>& which) const;

private:
  [[nodiscard]] static member open(const member_record& record);
  [[nodiscard]] std::uint32_t tick();
  void set(member_record& slot, user_ref user, std::string_view packed);

  id_table<member_record> table_;
  std::size_t owned_ = 0;
  std::uint32_t ticks_ = 0;
};

} // namespace troupe::cache
