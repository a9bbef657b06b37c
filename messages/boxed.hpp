// SPDX-License-Identifier: BSD-3-Clause
// A value in a box of its own: for objects that contain their own kind, as a message contains the one it answers, and
// for parts that are large and rare, so that those who lack them stay small.
#pragma once

#include <memory>
#include <utility>

namespace troupe {

/// A value that never changes, shared by copies. `T` may be incomplete where the box is declared. Never empty, but
/// after a move.
template <class T>
class boxed {
public:
  using value_type = T; ///< What it holds.

  /// A default value.
  boxed() : value_{std::make_shared<const T>()} {
    // nop
  }
  /// This value.
  boxed(T value) : value_{std::make_shared<const T>(std::move(value))} {
    // nop
  }

  /// The value.
  [[nodiscard]] const T& operator*() const noexcept {
    return *value_;
  }
  /// The value.
  [[nodiscard]] const T* operator->() const noexcept {
    return value_.get();
  }

  /// Compares the values.
  friend bool operator==(const boxed& a, const boxed& b) {
    return a.value_ == b.value_ || *a.value_ == *b.value_;
  }

private:
  std::shared_ptr<const T> value_;
};

} // namespace troupe
