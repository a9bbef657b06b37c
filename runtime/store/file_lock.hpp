// SPDX-License-Identifier: BSD-3-Clause
// A lock between processes that dies with its owner: flock(2) on a small file that holds the owner's pid.
// Separate from SQLite's own locks, because those cover one transaction and we need the life of a queue.
#pragma once

#include "messages/error.hpp"

#include <chrono>
#include <filesystem>
#include <utility>

namespace troupe::store {

/// Holds the lock until it is destroyed or the process dies, however it dies. The file stays: removing it would let
/// two processes lock two different files of the same name.
class file_lock {
public:
  /// Creates the file if need be (mode 0600) and locks it.
  /// @param patience How long to wait for the present owner.
  /// @returns `errc::store_unavailable` that names the owner's pid, or why the file cannot be used.
  [[nodiscard]] static result<file_lock> acquire(const std::filesystem::path& file, std::chrono::milliseconds patience);

  file_lock(file_lock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {
    // nop
  }
  file_lock& operator=(file_lock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~file_lock();

private:
  explicit file_lock(int descriptor) : descriptor_{descriptor} {
    // nop
  }

  int descriptor_;
};

} // namespace troupe::store
