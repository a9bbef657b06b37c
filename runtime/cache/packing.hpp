// SPDX-License-Identifier: BSD-3-Clause
// Discord's objects in few bytes: a bit per field says whether there is anything in it, the rest is what there is.
// Exact: what is unpacked equals what was packed. The format lives and dies with the process.
#pragma once

#include "messages/snowflake.hpp"

#include "runtime/cache/blob.hpp"
#include "runtime/cache/id_table.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::cache {

/// Appends an object, but for its `id`, under which it is kept anyway. Defined for the objects that guilds keep.
template <class T>
void pack(const T& what, std::string& to);

/// The object of these bytes, which `pack` made. An `id` is left at 0.
template <class T>
[[nodiscard]] T unpack(std::string_view from);

/// The bytes of an object, in memory that the next call on this thread takes again.
template <class T>
[[nodiscard]] std::string_view pack_here(const T& what) {
  static thread_local std::string buffer;
  buffer.clear();
  pack(what, buffer);
  return buffer;
}

/// An object whose id is called so.
template <class T>
concept has_own_id = requires(T& object) {
  { object.id } -> std::same_as<snowflake&>;
};

/// Packed objects by their ids.
template <class T>
class packed_table {
public:
  /// How many it has.
  [[nodiscard]] std::size_t size() const noexcept {
    return table_.size();
  }

  /// What all of it takes from the heap.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return table_.bytes() + owned_;
  }

  /// Whether there is one.
  [[nodiscard]] bool contains(snowflake id) const noexcept {
    return table_.find(id) != nullptr;
  }

  /// The object, if there is one.
  [[nodiscard]] std::optional<T> get(snowflake id) const {
    const auto* found = table_.find(id);
    return found == nullptr ? std::nullopt : std::optional{open(id, *found)};
  }

  /// Sets the object, whatever there was.
  void put(snowflake id, const T& what) {
    auto bytes = pack_here(what);
    auto& slot = table_[id];
    if (slot && slot.view() == bytes)
      return;
    owned_ -= slot.bytes();
    slot = blob{bytes};
    owned_ += slot.bytes();
  }

  /// @returns whether there was one.
  bool erase(snowflake id) {
    const auto* found = table_.find(id);
    if (found == nullptr)
      return false;
    owned_ -= found->bytes();
    return table_.erase(id);
  }

  /// Forgets all.
  void clear() noexcept {
    table_.clear();
    owned_ = 0;
  }

  /// Calls `look(object)` for each, in the order of ids.
  template <std::invocable<T> Look>
  void each(Look look) const {
    table_.each([&](snowflake id, const blob& bytes) { look(open(id, bytes)); });
  }

  /// The packed objects.
  [[nodiscard]] const id_table<blob>& raw() const noexcept {
    return table_;
  }

  /// Unpacks one of `raw`.
  [[nodiscard]] static T open(snowflake id, const blob& bytes) {
    auto what = unpack<T>(bytes.view());
    if constexpr (has_own_id<T>)
      what.id = id;
    return what;
  }

private:
  id_table<blob> table_;
  std::size_t owned_ = 0;
};

} // namespace troupe::cache
