// SPDX-License-Identifier: BSD-3-Clause
// From a JSON key to the member of a struct: a hash table without collisions, made by the compiler from the struct's
// reflection. Objects have up to fifty members, and a chain of comparisons would cost more than the rest of decoding.
#pragma once

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace troupe::codec {

/// The members of a struct, its bases' first.
template <class T>
using members_of =
  boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>;

/// The key of a member: its name, where a final underscore only keeps it from being a word of the language.
[[nodiscard]] constexpr std::string_view key_of(const char* member) noexcept {
  std::string_view name{member};
  if (name.ends_with('_'))
    name.remove_suffix(1);
  return name;
}

/// Looks at a few characters: names of members differ in them.
[[nodiscard]] constexpr std::uint32_t hash_key(std::string_view key, std::uint32_t seed) noexcept {
  auto size = static_cast<std::uint32_t>(key.size());
  auto hash = size * 0x9e3779b1u;
  for (auto place : {std::uint32_t{0}, size / 4, size / 2, size / 2 + size / 4, size - 1})
    hash = (hash + static_cast<unsigned char>(key[place])) * seed;
  return hash ^ (hash >> 15);
}

/// A table, as its users see it.
struct key_table {
  /// What `find` returns for a key that is none.
  static constexpr std::size_t none = ~std::size_t{0};

  /// In the order of the members.
  const std::string_view* keys = nullptr;
  /// By hash: the index of the only key that may have it.
  const std::uint8_t* slots = nullptr;
  /// The number of slots, a power of two, less one.
  std::uint32_t mask = 0;
  /// With which no two keys share a slot.
  std::uint32_t seed = 0;

  /// The index of the member with this key, which must not be empty.
  [[nodiscard]] std::size_t find(std::string_view key) const noexcept {
    std::size_t index = slots[hash_key(key, seed) & mask];
    return keys[index] == key ? index : none;
  }
};

/// The table of one struct.
template <class T>
class member_table {
public:
  /// How many members there are.
  static constexpr std::size_t size = boost::mp11::mp_size<members_of<T>>::value;

  /// The table; the compiler makes it.
  [[nodiscard]] static constexpr key_table keys() noexcept {
    return {table.keys.data(), table.slots.data(), mask, table.seed};
  }

private:
  static_assert(size < 255);

  static constexpr std::uint32_t slot_count() noexcept {
    std::uint32_t count = 4;
    while (count < size * 4)
      count *= 2;
    return count;
  }

  static constexpr std::uint32_t mask = slot_count() - 1;

  struct contents {
    std::uint32_t seed = 0;
    std::array<std::string_view, size + 1> keys{};
    std::array<std::uint8_t, slot_count()> slots{};
  };

  static constexpr bool fill(contents& made) noexcept {
    for (auto& slot : made.slots)
      slot = static_cast<std::uint8_t>(size);
    for (std::size_t i = 0; i < size; ++i) {
      auto& slot = made.slots[hash_key(made.keys[i], made.seed) & mask];
      if (slot != size)
        return false;
      slot = static_cast<std::uint8_t>(i);
    }
    return true;
  }

  static constexpr contents make() noexcept {
    contents made;
    std::size_t next = 0;
    boost::mp11::mp_for_each<members_of<T>>([&](auto member) { made.keys[next++] = key_of(member.name); });
    for (made.seed = 0x01000193; made.seed < 0x01000193 + 4'000; made.seed += 2)
      if (fill(made))
        return made;
    return {};
  }

  static constexpr contents table = make();
  static_assert(table.seed != 0, "two members look the same to hash_key: let it look at more characters");
};

} // namespace troupe::codec
