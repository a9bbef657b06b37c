// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Components.
#pragma once

#include "messages/boxed.hpp"
#include "messages/discord/emoji.hpp"
#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

struct resolved_data;

/// The kind of a component.
enum class component_type : std::uint16_t {
  action_row = 1,
  button = 2,
  string_select = 3,
  text_input = 4,
  user_select = 5,
  role_select = 6,
  mentionable_select = 7,
  channel_select = 8,
  section = 9,
  text_display = 10,
  thumbnail = 11,
  media_gallery = 12,
  file = 13,
  separator = 14,
  content_inventory_entry = 16,
  container = 17,
  label = 18,
  file_upload = 19,
  radio_group = 21,
  checkbox_group = 22,
  checkbox = 23,
};

/// One choice of a select menu.
struct select_option {
  std::string label;
  std::string value;
  std::optional<std::string> description;
  std::optional<troupe::emoji> emoji;
  std::optional<bool> default_;

  friend bool operator==(const select_option&, const select_option&) = default;
};
BOOST_DESCRIBE_STRUCT(select_option, (), (label, value, description, emoji, default_))

/// What is chosen at first.
struct select_default {
  snowflake id;
  /// user, role or channel.
  std::string type;

  friend bool operator==(const select_default&, const select_default&) = default;
};
BOOST_DESCRIBE_STRUCT(select_default, (), (id, type))

/// A file by its address.
struct unfurled_media {
  std::string url;
  std::optional<std::string> proxy_url;
  maybe<std::int32_t> height;
  maybe<std::int32_t> width;
  std::optional<std::string> content_type;
  std::optional<snowflake> attachment_id;
  std::optional<std::string> placeholder;
  std::optional<std::int32_t> placeholder_version;
  std::optional<std::uint64_t> flags;

  friend bool operator==(const unfurled_media&, const unfurled_media&) = default;
};
BOOST_DESCRIBE_STRUCT(unfurled_media, (),
                      (url, proxy_url, height, width, content_type, attachment_id, placeholder, placeholder_version,
                       flags))

/// One picture of a gallery.
struct media_gallery_item {
  unfurled_media media;
  maybe<std::string> description;
  std::optional<bool> spoiler;

  friend bool operator==(const media_gallery_item&, const media_gallery_item&) = default;
};
BOOST_DESCRIBE_STRUCT(media_gallery_item, (), (media, description, spoiler))

/// Any component; which fields there are depends on the type. Also what a user put in, in interactions.
struct component {
  component_type type{};
  std::optional<std::int32_t> id;
  std::optional<std::string> custom_id;
  std::optional<std::int32_t> style;
  std::optional<std::string> label;
  std::optional<troupe::emoji> emoji;
  std::optional<snowflake> sku_id;
  std::optional<std::string> url;
  std::optional<bool> disabled;
  std::optional<std::vector<select_option>> options;
  std::optional<std::vector<select_default>> default_values;
  std::optional<std::vector<std::int32_t>> channel_types;
  std::optional<std::string> placeholder;
  std::optional<std::int32_t> min_values;
  std::optional<std::int32_t> max_values;
  std::optional<std::int32_t> min_length;
  std::optional<std::int32_t> max_length;
  std::optional<bool> required;
  std::optional<std::vector<std::string>> file_types;
  /// A text, or true and false of a checkbox.
  std::optional<json_text> value;
  std::optional<std::vector<std::string>> values;
  /// Behind the ids that a user chose.
  std::optional<boxed<resolved_data>> resolved;
  std::optional<std::vector<component>> components;
  std::optional<boxed<component>> accessory;
  std::optional<boxed<component>> component_;
  std::optional<std::string> content;
  std::optional<unfurled_media> media;
  std::optional<unfurled_media> file;
  maybe<std::string> description;
  std::optional<bool> spoiler;
  std::optional<std::vector<media_gallery_item>> items;
  std::optional<std::string> name;
  std::optional<std::int32_t> size;
  std::optional<bool> divider;
  std::optional<std::int32_t> spacing;
  maybe<std::int32_t> accent_color;
  std::optional<bool> default_;

  friend bool operator==(const component&, const component&) = default;
};
BOOST_DESCRIBE_STRUCT(component, (),
                      (type, id, custom_id, style, label, emoji, sku_id, url, disabled, options, default_values,
                       channel_types, placeholder, min_values, max_values, min_length, max_length, required, file_types,
                       value, values, resolved, components, accessory, component_, content, media, file, description,
                       spoiler, items, name, size, divider, spacing, accent_color, default_))

} // namespace troupe
