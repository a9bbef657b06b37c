// SPDX-License-Identifier: BSD-3-Clause
// Memory that knows what it costs: bytes on the heap behind one pointer, and what the allocator takes for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace troupe::cache {

/// What a block of this size takes from the heap: with the allocator's own word, in steps of 16 (glibc). Nothing for 0.
[[nodiscard]] constexpr std::size_t allocated(std::size_t bytes) noexcept {
  if (bytes == 0)
    return 0;
  auto with_header = (bytes + 8 + 15) / 16 * 16;
  return with_header < 32 ? 32 : with_header;
}

/// Some bytes, or nothing. As large as a pointer.
class blob {
public:
  /// Nothing.
  blob() noexcept = default;
  /// A copy of these.
  explicit blob(std::string_view bytes) {
    auto size = static_cast<std::uint32_t>(bytes.size());
    data_ = static_cast<char*>(::operator new(sizeof(size) + bytes.size()));
    std::memcpy(data_, &size, sizeof(size));
    if (!bytes.empty())
      std::memcpy(data_ + sizeof(size), bytes.data(), bytes.size());
  }
  blob(blob&& other) noexcept : data_{std::exchange(other.data_, nullptr)} {
    // nop
  }
  blob& operator=(blob&& other) noexcept {
    std::swap(data_, other.data_);
    return *this;
  }
  blob(const blob&) = delete;
  blob& operator=(const blob&) = delete;
  ~blob() {
    ::operator delete(data_);
  }

  /// Whether there are any.
  explicit operator bool() const noexcept {
    return data_ != nullptr;
  }

  /// The bytes. There must be some.
  [[nodiscard]] std::string_view view() const noexcept {
    std::uint32_t size = 0;
    std::memcpy(&size, data_, sizeof(size));
    return {data_ + sizeof(size), size};
  }

  /// What it takes from the heap.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return data_ == nullptr ? 0 : allocated(sizeof(std::uint32_t) + view().size());
  }

private:
  char* data_ = nullptr;
};

} // namespace troupe::cache
