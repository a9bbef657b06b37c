// SPDX-License-Identifier: BSD-3-Clause
// JSON as the world keeps it: an object's values stay text. What changes is single fields of Discord's objects, and
// what is wanted is text again: nothing in between needs a type of its own.
#pragma once

#include "messages/snowflake.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::simulator {

/// A JSON object: names in the order in which they came, each with its value as JSON text.
class json_object {
public:
  /// A name and a value in JSON text.
  using field = std::pair<std::string, std::string>;

  json_object() = default;
  json_object(std::initializer_list<field> fields) : fields_{fields} {
    // nop
  }

  /// Reads an object of this folder's own making: valid, and without blanks between its parts. Empty where the text is
  /// none.
  [[nodiscard]] static json_object parse(std::string_view text);

  /// Adds or replaces a field. `value` is JSON text.
  json_object& set(std::string_view name, std::string value);
  /// Adds or replaces all fields of `other`.
  json_object& merge(const json_object& other);
  /// Does nothing where there is no such field.
  json_object& erase(std::string_view name);

  /// JSON text; null where there is no such field.
  [[nodiscard]] const std::string* find(std::string_view name) const noexcept;
  [[nodiscard]] bool has(std::string_view name) const noexcept {
    return find(name) != nullptr;
  }
  /// Whether the field has exactly this JSON text.
  [[nodiscard]] bool is(std::string_view name, std::string_view value) const noexcept;
  /// JSON text; "null" where there is no such field.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
  /// The whole number in a field; 0 where there is none.
  [[nodiscard]] std::int64_t number(std::string_view name) const noexcept;
  /// The id in a field, which is a string; 0 where there is none.
  [[nodiscard]] snowflake id(std::string_view name = "id") const noexcept;

  /// In their order.
  [[nodiscard]] const std::vector<field>& fields() const& noexcept {
    return fields_;
  }
  /// They would be gone.
  void fields() const&& = delete;
  [[nodiscard]] bool empty() const noexcept {
    return fields_.empty();
  }
  /// `{"name":value,..}`
  [[nodiscard]] std::string text() const;

private:
  std::vector<field> fields_;
};

/// The elements of a JSON array as text, read like an object; empty where the text is none.
[[nodiscard]] std::vector<std::string> json_elements(std::string_view array);

/// The ids in a JSON array of strings.
[[nodiscard]] std::vector<snowflake> json_ids(std::string_view array);

/// `[a,b]` of elements that are JSON text.
[[nodiscard]] std::string json_array(const std::vector<std::string>& elements);

/// `["1","2"]`
[[nodiscard]] std::string json_array(const std::vector<snowflake>& ids);

} // namespace troupe::simulator
