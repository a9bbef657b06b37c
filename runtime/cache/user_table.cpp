// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/user_table.hpp"

#include "runtime/cache/blob.hpp"
#include "runtime/cache/packing.hpp"

#include <cstring>
#include <new>

namespace troupe::cache {

namespace {

// A share of one that may be about to go: its last owner has it no more, but has not yet asked for the lock.
bool acquire(user_record& record) noexcept {
  auto refs = record.refs.load(std::memory_order_relaxed);
  while (refs != 0)
    if (record.refs.compare_exchange_weak(refs, refs + 1, std::memory_order_acquire, std::memory_order_relaxed))
      return true;
  return false;
}

std::size_t weight_of(const user_record& record) noexcept {
  return allocated(sizeof(user_record) + record.size);
}

} // namespace

user_ref::~user_ref() {
  if (record_ != nullptr && record_->refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
    record_->table->release(record_);
}

user user_ref::get() const {
  auto who = unpack<user>(record_->view());
  who.id = record_->id;
  return who;
}

user_table::shard& user_table::shard_of(snowflake id) noexcept {
  // The lowest bits count what one process of Discord made in one millisecond: nearly always 0.
  return shards_[(id.value >> 22) % shard_count];
}

std::size_t user_table::weight(const index& of) noexcept {
  // Groups of 15 entries, with 16 bytes of their hashes each; one entry is a mark.
  auto entries = of.bucket_count();
  return entries == 0 ? 0 : allocated((entries + 1) * sizeof(index::value_type) + (entries + 1) / 15 * 16);
}

user_ref user_table::intern(const user& who) {
  auto packed = pack_here(who);
  auto& in = shard_of(who.id);
  std::lock_guard guard{in.mutex};
  auto known = in.newest.find(who.id.value);
  if (known != in.newest.end() && known->second->view() == packed && acquire(*known->second))
    return user_ref{known->second};
  return store(in, who.id, packed);
}

user_ref user_table::find(snowflake id) {
  auto& in = shard_of(id);
  std::lock_guard guard{in.mutex};
  auto known = in.newest.find(id.value);
  return known != in.newest.end() && acquire(*known->second) ? user_ref{known->second} : user_ref{};
}

user_ref user_table::store(shard& in, snowflake id, std::string_view packed) {
  auto* memory = static_cast<char*>(::operator new(sizeof(user_record) + packed.size()));
  std::memcpy(memory + sizeof(user_record), packed.data(), packed.size());
  auto* record = new (memory) user_record{1, static_cast<std::uint32_t>(packed.size()), this, id};
  auto before = weight(in.newest);
  in.newest[id.value] = record;
  bytes_ += weight(in.newest) - before + weight_of(*record);
  ++users_;
  return user_ref{record};
}

void user_table::release(user_record* record) noexcept {
  auto& in = shard_of(record->id);
  {
    std::lock_guard guard{in.mutex};
    drop(in, record);
  }
  bytes_ -= weight_of(*record);
  --users_;
  record->~user_record();
  ::operator delete(static_cast<void*>(record));
}

void user_table::drop(shard& from, const user_record* record) noexcept {
  auto known = from.newest.find(record->id.value);
  if (known == from.newest.end() || known->second != record)
    return; // There is a newer one.
  auto before = weight(from.newest);
  from.newest.erase(known);
  if (from.newest.empty())
    from.newest = index{};
  else if (from.newest.size() * 8 < from.newest.bucket_count())
    from.newest.rehash(0);
  bytes_ -= before - weight(from.newest);
}

} // namespace troupe::cache
