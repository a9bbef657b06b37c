// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/permissions_in.hpp"

#include <algorithm>

namespace troupe::cache {

namespace {

constexpr permissions of(permission one) {
  return {static_cast<std::uint64_t>(one)};
}

permissions with_overwrites(const permission_holder& who, permissions may,
                            std::span<const permission_overwrite> overwrites) noexcept {
  auto apply = [&](auto which) {
    permissions allow;
    permissions deny;
    for (const auto& one : overwrites)
      if (which(one)) {
        allow = allow | one.allow;
        deny = deny | one.deny;
      }
    may = (may & ~deny) | allow;
  };
  apply([&](const auto& one) { return one.id == who.guild && one.type == overwrite_type::role; });
  // What one role allows beats what another denies.
  apply([&](const auto& one) {
    return one.type == overwrite_type::role && one.id != who.guild
           && std::any_of(who.roles.begin(), who.roles.end(), [&](const role& its) { return its.id == one.id; });
  });
  apply([&](const auto& one) { return one.type == overwrite_type::member && one.id == who.user; });
  return may;
}

} // namespace

permissions base_permissions(const permission_holder& who) noexcept {
  if (who.user == who.owner)
    return permissions::all();
  permissions may;
  for (const auto& its : who.roles)
    may = may | its.permissions;
  return may.has(permission::administrator) ? permissions::all() : may;
}

permissions permissions_in(const permission_holder& who, std::span<const permission_overwrite> overwrites,
                           bool is_thread, timestamp now) noexcept {
  auto base = base_permissions(who);
  if (base == permissions::all())
    return base; // Timeouts do not bind them either.
  auto may = with_overwrites(who, base, overwrites);
  if (who.timeout_until && *who.timeout_until > now)
    may = may & (of(permission::view_channel) | of(permission::read_message_history));
  if (!may.has(permission::view_channel))
    return {};
  auto writes = is_thread ? permission::send_messages_in_threads : permission::send_messages;
  if (!may.has(writes))
    may = may
          & ~(of(permission::mention_everyone) | of(permission::send_tts_messages) | of(permission::attach_files)
              | of(permission::embed_links));
  return may;
}

bool is_higher(const role& first, const role& second) noexcept {
  return first.position != second.position ? first.position > second.position : first.id < second.id;
}

bool is_thread(channel_type type) noexcept {
  return type == channel_type::announcement_thread || type == channel_type::public_thread
         || type == channel_type::private_thread;
}

} // namespace troupe::cache
