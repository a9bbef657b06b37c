// SPDX-License-Identifier: BSD-3-Clause
// A map from ids, kept in order: sorted leaves of at most 128 entries, one after the other. Small like a sorted vector,
// and as cheap to change with a million entries as with a hundred; pages come for nothing.
#pragma once

#include "messages/snowflake.hpp"

#include "runtime/cache/blob.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace troupe::cache {

/// A map from ids to values. Pointers to values hold until the next change. Not thread-safe.
template <class Value>
class id_table {
public:
  /// How many it has.
  [[nodiscard]] std::size_t size() const noexcept {
    return size_;
  }

  /// Whether it has none.
  [[nodiscard]] bool empty() const noexcept {
    return size_ == 0;
  }

  /// What it takes from the heap, but for what the values own there.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

  /// The value of this id, or null.
  [[nodiscard]] Value* find(snowflake id) noexcept {
    return const_cast<Value*>(std::as_const(*this).find(id));
  }

  /// The value of this id, or null.
  [[nodiscard]] const Value* find(snowflake id) const noexcept {
    auto leaf = leaf_of(id);
    if (leaf == leaves_.size())
      return nullptr;
    auto at = position(leaves_[leaf], id);
    return at != leaves_[leaf].end() && at->id == id ? &at->value : nullptr;
  }

  /// The lowest id. There must be one.
  [[nodiscard]] snowflake lowest() const noexcept {
    return leaves_.front().front().id;
  }

  /// The value of this id, made where there was none.
  [[nodiscard]] Value& operator[](snowflake id) {
    auto index = leaf_of(id);
    if (leaves_.empty())
      add_leaf(0);
    auto at = position(leaves_[index], id);
    if (at != leaves_[index].end() && at->id == id)
      return at->value;
    ++size_;
    if (leaves_[index].size() == leaf_max) {
      // Ids that only rise fill their leaves.
      auto rises = index + 1 == leaves_.size() && at == leaves_[index].end();
      split(index, rises ? leaf_max : leaf_max / 2);
      if (rises || leaves_[index + 1].front().id < id)
        ++index;
      at = position(leaves_[index], id);
    }
    auto offset = at - leaves_[index].begin();
    make_room(leaves_[index]);
    return leaves_[index].insert(leaves_[index].begin() + offset, entry{id, Value{}})->value;
  }

  /// @returns whether there was one.
  bool erase(snowflake id) {
    auto index = leaf_of(id);
    if (index == leaves_.size())
      return false;
    auto& leaf = leaves_[index];
    auto at = position(leaf, id);
    if (at == leaf.end() || at->id != id)
      return false;
    leaf.erase(at);
    --size_;
    if (leaf.empty())
      drop_leaf(index);
    else if (leaf.size() * 2 < leaf.capacity())
      shrink(index);
    return true;
  }

  /// Forgets all.
  void clear() noexcept {
    *this = id_table{};
  }

  /// Calls `look(id, value)` in the order of ids.
  template <class Look>
  void each(Look look) const {
    for (const auto& leaf : leaves_)
      for (const auto& one : leaf)
        look(one.id, one.value);
  }

  /// Calls `look(id, value)` for ids above `after`, in their order, until it answers false.
  template <std::predicate<snowflake, const Value&> Look>
  void each_after(snowflake after, Look look) const {
    if (++after.value == 0)
      return;
    for (auto index = leaf_of(after); index < leaves_.size(); ++index)
      for (auto at = position(leaves_[index], after); at != leaves_[index].end(); ++at)
        if (!look(at->id, at->value))
          return;
  }

  /// Calls `look(id, value)` for ids below `before`, the highest first, until it answers false.
  template <std::predicate<snowflake, const Value&> Look>
  void each_before(snowflake before, Look look) const {
    for (auto index = leaves_.size(); index-- > 0;)
      for (auto at = position(leaves_[index], before); at != leaves_[index].begin();)
        if (--at; !look(at->id, at->value))
          return;
  }

  /// The ids of those for which `which(id, value)` holds.
  template <std::predicate<snowflake, const Value&> Which>
  [[nodiscard]] std::vector<snowflake> ids_where(Which which) const {
    std::vector<snowflake> ids;
    each([&](snowflake id, const Value& value) {
      if (which(id, value))
        ids.push_back(id);
    });
    return ids;
  }

private:
  struct entry {
    snowflake id;
    Value value;
  };
  using leaf = std::vector<entry>;

  static constexpr std::size_t leaf_max = 128;

  template <class Leaf>
  [[nodiscard]] static auto position(Leaf& in, snowflake id) {
    return std::lower_bound(in.begin(), in.end(), id, [](const entry& one, snowflake than) { return one.id < than; });
  }

  // The one that has the id, or would have it; past the end only where there is none at all.
  [[nodiscard]] std::size_t leaf_of(snowflake id) const noexcept {
    auto above = std::upper_bound(leaves_.begin(), leaves_.end(), id,
                                  [](snowflake what, const leaf& one) { return what < one.front().id; });
    auto index = static_cast<std::size_t>(above - leaves_.begin());
    return index == 0 ? 0 : index - 1;
  }

  [[nodiscard]] static std::size_t weight(const leaf& of) noexcept {
    return allocated(of.capacity() * sizeof(entry));
  }

  void reserve(leaf& in, std::size_t capacity) {
    bytes_ -= weight(in);
    in.reserve(capacity);
    bytes_ += weight(in);
  }

  // By half, where the standard library would double.
  void make_room(leaf& in) {
    if (in.size() == in.capacity())
      reserve(in, std::min(leaf_max, in.size() + in.size() / 2 + 1));
  }

  void add_leaf(std::size_t index) {
    bytes_ -= allocated(leaves_.capacity() * sizeof(leaf));
    if (leaves_.size() == leaves_.capacity())
      leaves_.reserve(leaves_.size() + leaves_.size() / 4 + 1);
    leaves_.insert(leaves_.begin() + static_cast<std::ptrdiff_t>(index), leaf{});
    bytes_ += allocated(leaves_.capacity() * sizeof(leaf));
  }

  void drop_leaf(std::size_t index) {
    if (leaves_.size() == 1)
      return clear();
    bytes_ -= weight(leaves_[index]) + allocated(leaves_.capacity() * sizeof(leaf));
    leaves_.erase(leaves_.begin() + static_cast<std::ptrdiff_t>(index));
    if (leaves_.size() * 2 < leaves_.capacity())
      leaves_.shrink_to_fit();
    bytes_ += allocated(leaves_.capacity() * sizeof(leaf));
  }

  // What is behind `keep` goes into a leaf of its own.
  void split(std::size_t index, std::size_t keep) {
    add_leaf(index + 1);
    auto& full = leaves_[index];
    auto& next = leaves_[index + 1];
    reserve(next, std::max<std::size_t>(leaf_max / 2, full.size() - keep));
    auto middle = full.begin() + static_cast<std::ptrdiff_t>(keep);
    next.insert(next.end(), std::make_move_iterator(middle), std::make_move_iterator(full.end()));
    full.erase(middle, full.end());
  }

  void shrink(std::size_t index) {
    if (index + 1 < leaves_.size() && leaves_[index].size() + leaves_[index + 1].size() <= leaf_max / 2) {
      auto& left = leaves_[index];
      auto& right = leaves_[index + 1];
      reserve(left, left.size() + right.size());
      left.insert(left.end(), std::make_move_iterator(right.begin()), std::make_move_iterator(right.end()));
      return drop_leaf(index + 1);
    }
    leaf tight;
    auto& loose = leaves_[index];
    bytes_ -= weight(loose);
    tight.reserve(loose.size() + loose.size() / 4);
    tight.insert(tight.end(), std::make_move_iterator(loose.begin()), std::make_move_iterator(loose.end()));
    loose = std::move(tight);
    bytes_ += weight(loose);
  }

  std::vector<leaf> leaves_;
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace troupe::cache
