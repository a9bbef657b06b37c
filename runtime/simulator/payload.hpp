// SPDX-License-Identifier: BSD-3-Clause
// What a client may say, read into one flat struct. Separate so that the rules never see JSON.
#pragma once

#include "messages/snowflake.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::simulator {

/// A client's payload. Each opcode uses the fields that it needs; a field of a wrong type is as if it were absent.
struct client_payload {
  std::uint64_t op = 0;
  /// Whether `d` is an object; whether it is null or absent.
  bool has_object = false;
  bool has_nothing = true;
  /// Op 1: `d` itself.
  std::optional<std::uint64_t> beat;
  std::optional<std::string> token;
  bool has_properties = false;
  std::optional<std::uint64_t> intents;
  std::optional<std::uint64_t> large_threshold;
  bool compress = false;
  bool has_shard = false;
  /// Set where `shard` is a pair of numbers.
  std::optional<std::pair<std::uint64_t, std::uint64_t>> shard;
  std::optional<std::string> session_id;
  std::optional<std::uint64_t> seq;
  std::optional<std::string> status;
  bool has_activities = false;
  std::optional<snowflake> guild_id;
  std::optional<snowflake> channel_id;
  bool self_mute = false;
  bool self_deaf = false;
  std::optional<std::string> query;
  std::optional<std::uint64_t> limit;
  bool presences = false;
  std::optional<std::string> nonce;
  std::optional<std::vector<snowflake>> user_ids;
  std::vector<snowflake> guild_ids;
  std::vector<std::string> fields;
};

/// Nothing where the text is no JSON object with a numeric `op`.
[[nodiscard]] std::optional<client_payload> parse_payload(std::string_view text);

} // namespace troupe::simulator
