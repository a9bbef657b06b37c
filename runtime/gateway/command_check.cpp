// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/command_check.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace troupe::gateway {

namespace {

constexpr std::array<std::string_view, 5> statuses{"online", "dnd", "idle", "invisible", "offline"};
constexpr std::array<std::string_view, 2> channel_fields{"status", "voice_start_time"};
constexpr std::int32_t last_activity_type = 5;
constexpr std::size_t user_ids_max = 100;
constexpr std::int32_t limit_max = 100;
constexpr std::size_t nonce_bytes_max = 32;

bool contains(const auto& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

error wrong(std::string detail) {
  return {errc::invalid_argument, std::move(detail)};
}

error check(const update_presence& what) {
  if (!contains(statuses, what.status))
    return wrong("`status` is \"" + what.status + "\"; use online, dnd, idle, invisible or offline");
  for (const auto& one : what.activities) {
    if (one.type < 0 || one.type > last_activity_type)
      return wrong("an activity's `type` is " + std::to_string(one.type) + "; use 0 to 5");
    if (one.name.empty())
      return wrong("an activity has no `name`; give it one");
  }
  return {};
}

error check(const update_voice_state& what) {
  return what.guild_id ? error{} : wrong("`guild_id` is 0; name the guild");
}

error check_query(const request_guild_members& what) {
  if (what.limit < 0 || what.limit > limit_max)
    return wrong("`limit` is " + std::to_string(what.limit) + "; use at most 100");
  if (!what.query->empty() && what.limit == 0)
    return wrong("`limit` is 0 with a `query`; use 1 to 100, or an empty `query` for all members");
  return {};
}

error check(const request_guild_members& what) {
  if (!what.guild_id)
    return wrong("`guild_id` is 0; name the guild");
  if (what.query.has_value() == what.user_ids.has_value())
    return wrong("set either `query` or `user_ids`");
  if (what.nonce && what.nonce->size() > nonce_bytes_max)
    return wrong("`nonce` has " + std::to_string(what.nonce->size()) + " bytes; use at most 32");
  if (what.query)
    return check_query(what);
  if (what.user_ids->empty() || what.user_ids->size() > user_ids_max)
    return wrong("there are " + std::to_string(what.user_ids->size()) + " `user_ids`; ask for 1 to 100 at a time");
  return {};
}

error check(const request_soundboard_sounds& what) {
  return what.guild_ids.empty() ? wrong("`guild_ids` is empty; name a guild") : error{};
}

error check(const request_channel_info& what) {
  if (!what.guild_id)
    return wrong("`guild_id` is 0; name the guild");
  if (what.fields.empty())
    return wrong("`fields` is empty; use status, voice_start_time or both");
  for (const auto& field : what.fields)
    if (!contains(channel_fields, field))
      return wrong("there is no field \"" + field + "\"; use status or voice_start_time");
  return {};
}

} // namespace

error check_command(const command& what) {
  return std::visit([](const auto& one) { return check(one); }, what);
}

bool is_full_list(const command& what) noexcept {
  const auto* request = std::get_if<request_guild_members>(&what);
  return request != nullptr && request->query && request->query->empty() && request->limit == 0;
}

} // namespace troupe::gateway
