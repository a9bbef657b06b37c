// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Message, "Attachment Object".
#pragma once

#include "messages/discord/application.hpp"
#include "messages/discord/user.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// A file of a message.
struct attachment {
  snowflake id;
  std::string filename;
  std::optional<std::string> title;
  std::optional<std::string> description;
  std::optional<std::string> content_type;
  /// In bytes.
  std::int64_t size = 0;
  std::string url;
  std::string proxy_url;
  maybe<std::int32_t> height;
  maybe<std::int32_t> width;
  std::optional<std::string> placeholder;
  std::optional<std::int32_t> placeholder_version;
  std::optional<bool> ephemeral;
  std::optional<double> duration_secs;
  std::optional<std::string> waveform;
  std::optional<std::uint64_t> flags;
  std::optional<std::vector<user>> clip_participants;
  std::optional<timestamp> clip_created_at;
  maybe<troupe::application> application;

  friend bool operator==(const attachment&, const attachment&) = default;
};
BOOST_DESCRIBE_STRUCT(attachment, (),
                      (id, filename, title, description, content_type, size, url, proxy_url, height, width, placeholder,
                       placeholder_version, ephemeral, duration_secs, waveform, flags, clip_participants,
                       clip_created_at, application))

} // namespace troupe
