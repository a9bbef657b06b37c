// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Message, "Embed Object".
#pragma once

#include "messages/optionality.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// The last line of an embed.
struct embed_footer {
  std::string text;
  std::optional<std::string> icon_url;
  std::optional<std::string> proxy_icon_url;

  friend bool operator==(const embed_footer&, const embed_footer&) = default;
};
BOOST_DESCRIBE_STRUCT(embed_footer, (), (text, icon_url, proxy_icon_url))

/// An image, a thumbnail or a video.
struct embed_media {
  std::optional<std::string> url;
  std::optional<std::string> proxy_url;
  std::optional<std::int32_t> height;
  std::optional<std::int32_t> width;
  std::optional<std::string> content_type;
  std::optional<std::string> placeholder;
  std::optional<std::int32_t> placeholder_version;
  std::optional<std::string> description;
  std::optional<std::uint64_t> flags;

  friend bool operator==(const embed_media&, const embed_media&) = default;
};
BOOST_DESCRIBE_STRUCT(embed_media, (),
                      (url, proxy_url, height, width, content_type, placeholder, placeholder_version, description,
                       flags))

/// Where an embed comes from.
struct embed_provider {
  std::optional<std::string> name;
  maybe<std::string> url;

  friend bool operator==(const embed_provider&, const embed_provider&) = default;
};
BOOST_DESCRIBE_STRUCT(embed_provider, (), (name, url))

/// The author of what is embedded.
struct embed_author {
  std::string name;
  std::optional<std::string> url;
  std::optional<std::string> icon_url;
  std::optional<std::string> proxy_icon_url;

  friend bool operator==(const embed_author&, const embed_author&) = default;
};
BOOST_DESCRIBE_STRUCT(embed_author, (), (name, url, icon_url, proxy_icon_url))

/// A titled text.
struct embed_field {
  std::string name;
  std::string value;
  std::optional<bool> inline_;

  friend bool operator==(const embed_field&, const embed_field&) = default;
};
BOOST_DESCRIBE_STRUCT(embed_field, (), (name, value, inline_))

/// A rich block in a message.
struct embed {
  std::optional<std::string> title;
  std::optional<std::string> type;
  std::optional<std::string> description;
  std::optional<std::string> url;
  std::optional<troupe::timestamp> timestamp;
  std::optional<std::int32_t> color;
  std::optional<embed_footer> footer;
  std::optional<embed_media> image;
  std::optional<embed_media> thumbnail;
  std::optional<embed_media> video;
  std::optional<embed_provider> provider;
  std::optional<embed_author> author;
  std::optional<std::vector<embed_field>> fields;
  std::optional<std::uint64_t> flags;

  friend bool operator==(const embed&, const embed&) = default;
};
BOOST_DESCRIBE_STRUCT(embed, (),
                      (title, type, description, url, timestamp, color, footer, image, thumbnail, video, provider,
                       author, fields, flags))

} // namespace troupe
