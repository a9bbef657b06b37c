// SPDX-License-Identifier: BSD-3-Clause
// The users of a node, which its guilds share: who is in a hundred of them is stored once. Immutable: a user that
// changed is a new object, and each guild takes it from its own events, in their order.
#pragma once

#include "messages/discord/user.hpp"
#include "messages/snowflake.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <utility>

namespace troupe::cache {

class user_table;

/// INTERNAL: what a `user_ref` points to; the packed user follows it in memory.
struct user_record {
  /// The references to it.
  std::atomic<std::uint32_t> refs;
  /// Bytes of the packed user.
  std::uint32_t size;
  /// Whose it is.
  user_table* table;
  /// Of the user.
  snowflake id;

  /// The packed user.
  [[nodiscard]] std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(this + 1), size};
  }
};

/// A share of a user, or nothing. As large as a pointer; may go from thread to thread, but one thread at a time may use
/// one. Must not outlive its table.
class user_ref {
public:
  user_ref() noexcept = default;
  user_ref(const user_ref& other) noexcept : record_{other.record_} {
    if (record_ != nullptr)
      record_->refs.fetch_add(1, std::memory_order_relaxed);
  }
  user_ref(user_ref&& other) noexcept : record_{std::exchange(other.record_, nullptr)} {
    // nop
  }
  user_ref& operator=(user_ref other) noexcept {
    std::swap(record_, other.record_);
    return *this;
  }
  ~user_ref();

  /// Whether there is one.
  explicit operator bool() const noexcept {
    return record_ != nullptr;
  }

  /// Of the user. There must be one.
  [[nodiscard]] snowflake id() const noexcept {
    return record_->id;
  }

  /// The user, in full. There must be one. No lock.
  [[nodiscard]] user get() const;

  /// Whether it is this user, packed. There must be one.
  [[nodiscard]] bool is(std::string_view packed) const noexcept {
    return record_->view() == packed;
  }

private:
  friend class user_table;

  explicit user_ref(user_record* record) noexcept : record_{record} {
    // nop
  }

  user_record* record_ = nullptr;
};

/// The users of a node. Thread-safe: a change takes one lock of several, reading what one has a share of takes none.
class user_table {
public:
  user_table() = default;
  user_table(const user_table&) = delete;
  user_table& operator=(const user_table&) = delete;

  /// A share of this user, who is stored now if nobody had it like this.
  [[nodiscard]] user_ref intern(const user& who);

  /// A share of the user as stored last; nothing where nobody has one.
  [[nodiscard]] user_ref find(snowflake id);

  /// How many users there are, each counted once for every state that some guild has it in.
  [[nodiscard]] std::size_t size() const noexcept {
    return users_.load(std::memory_order_relaxed);
  }

  /// What they take from the heap. 0 when the last share is gone.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_.load(std::memory_order_relaxed);
  }

  /// The bot's own user, whom guilds never evict, and whose reactions and votes are "mine". Set at READY.
  void set_bot(snowflake id) noexcept {
    bot_.store(id.value, std::memory_order_relaxed);
  }

  /// The bot's own user; 0 before READY.
  [[nodiscard]] snowflake bot() const noexcept {
    return {bot_.load(std::memory_order_relaxed)};
  }

private:
  friend class user_ref;

  using index = boost::unordered_flat_map<std::uint64_t, user_record*>;

  struct shard {
    std::mutex mutex;
    /// To the newest state of each user; owns nothing.
    index newest;
  };

  static constexpr std::size_t shard_count = 32;

  [[nodiscard]] shard& shard_of(snowflake id) noexcept;
  [[nodiscard]] static std::size_t weight(const index& of) noexcept;
  [[nodiscard]] user_ref store(shard& in, snowflake id, std::string_view packed);
  void release(user_record* record) noexcept;
  void drop(shard& from, const user_record* record) noexcept;

  std::array<shard, shard_count> shards_;
  std::atomic<std::size_t> users_ = 0;
  std::atomic<std::size_t> bytes_ = 0;
  std::atomic<std::uint64_t> bot_ = 0;
};

} // namespace troupe::cache
