// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cache/heap.hpp"

#include "runtime/cache/blob.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> in_use = 0;

void* take(std::size_t size) noexcept {
  auto* block = std::malloc(size == 0 ? 1 : size);
  if (block != nullptr)
    in_use += troupe::cache::allocated(malloc_usable_size(block));
  return block;
}

void* take_or_throw(std::size_t size) {
  auto* block = take(size);
  if (block == nullptr)
    throw std::bad_alloc{};
  return block;
}

void give_back(void* block) noexcept {
  if (block != nullptr)
    in_use -= troupe::cache::allocated(malloc_usable_size(block));
  std::free(block);
}

} // namespace

// All of them: a sanitizer has its own of those that are left out.
void* operator new(std::size_t size) {
  return take_or_throw(size);
}
void* operator new[](std::size_t size) {
  return take_or_throw(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return take(size);
}
void operator delete(void* block) noexcept {
  give_back(block);
}
void operator delete[](void* block) noexcept {
  give_back(block);
}
void operator delete(void* block, std::size_t) noexcept {
  give_back(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  give_back(block);
}
void operator delete(void* block, const std::nothrow_t&) noexcept {
  give_back(block);
}
void operator delete[](void* block, const std::nothrow_t&) noexcept {
  give_back(block);
}

std::size_t troupe::testing::heap_bytes() noexcept {
  return in_use;
}
