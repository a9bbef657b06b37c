// SPDX-License-Identifier: BSD-3-Clause
// The only source that includes toml++, which is slow to compile.
#include "messages/nearest.hpp"

#include "runtime/config/schema.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace troupe::config {

namespace {

result<std::string> read_all(const std::string& file) {
  auto failed = [&](int code) {
    return error{errc::invalid_configuration,
                 "\"" + file + "\" cannot be read, " + std::generic_category().message(code)};
  };
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> in{std::fopen(file.c_str(), "rbe"), &std::fclose};
  if (!in)
    return failed(errno);
  std::string text;
  char chunk[4'096];
  while (auto size = std::fread(chunk, 1, sizeof(chunk), in.get()))
    text.append(chunk, size);
  if (std::ferror(in.get()) != 0)
    return failed(errno);
  return text;
}

/// Walks the file and matches what it finds with the schema.
class toml_reader {
public:
  explicit toml_reader(const std::string& file) : file_{file} {
    // nop
  }

  result<void> read_table(const toml::table& table, const std::string& path) {
    for (const auto& [key, node] : table) {
      auto name = (path.empty() ? path : path + ".") + std::string{key.str()};
      auto done = node.is_table() ? enter(*node.as_table(), name, key.source()) : read_value(node, name, key.source());
      if (!done)
        return done;
    }
    return {};
  }

  [[nodiscard]] std::string place(const toml::source_region& source) const {
    return file_ + ":" + std::to_string(source.begin.line) + ":" + std::to_string(source.begin.column) + ":";
  }

  std::vector<assignment> found;

private:
  [[nodiscard]] error at(const toml::source_region& source, const std::string& what) const {
    return {errc::invalid_configuration, place(source) + " " + what};
  }

  result<void> enter(const toml::table& table, const std::string& name, const toml::source_region& key) {
    auto rows = schema();
    auto inside = [prefix = name + "."](const setting& row) { return row.key.starts_with(prefix); };
    if (std::any_of(rows.begin(), rows.end(), inside))
      return read_table(table, name);
    if (std::any_of(rows.begin(), rows.end(), [&](const setting& row) { return row.key == name; }))
      return at(key, "`" + name + "` must be a value, not a table");
    return unknown(name, key);
  }

  [[nodiscard]] error unknown(const std::string& name, const toml::source_region& key) const {
    if (name == "token" || name == "discord_token")
      return at(key, "the token does not belong into this file, set DISCORD_TOKEN, or name a file with `token_file`");
    std::vector<std::string_view> known;
    for (const auto& row : schema())
      known.push_back(row.key);
    return at(key, "there is no key `" + name + "`" + did_you_mean(name, known));
  }

  result<void> read_value(const toml::node& node, const std::string& name, const toml::source_region& key) {
    auto rows = schema();
    auto row = std::find_if(rows.begin(), rows.end(), [&](const setting& one) { return one.key == name; });
    if (row == rows.end()) {
      auto inside = [prefix = name + "."](const setting& one) { return one.key.starts_with(prefix); };
      if (std::any_of(rows.begin(), rows.end(), inside))
        return at(key, "`" + name + "` must be a table");
      return unknown(name, key);
    }
    auto value = text_of(node, row->kind);
    if (!value)
      return at(node.source(), "`" + name + "` " + value.error().detail);
    found.push_back({&*row, *std::move(value), place(node.source()) + " `" + name + "`"});
    return {};
  }

  static result<std::string> text_of(const toml::node& node, value_kind kind) {
    auto number_wanted = kind == value_kind::number || kind == value_kind::text_or_number;
    if (const auto* number = node.as_integer(); number != nullptr && number_wanted)
      return std::to_string(number->get());
    if (const auto* text = node.as_string(); text != nullptr && kind != value_kind::number) {
      // Elsewhere empty means "not set"; in a file that somebody wrote it is more likely a slip.
      if (text->get().empty() && kind != value_kind::list)
        return error{errc::invalid_configuration, "must not be empty, leave the line out instead"};
      return text->get();
    }
    if (const auto* list = node.as_array(); list != nullptr && kind == value_kind::list)
      return joined(*list);
    return error{errc::invalid_configuration, "must be " + wanted(kind)};
  }

  static result<std::string> joined(const toml::array& list) {
    std::string text;
    for (const auto& element : list) {
      const auto* name = element.as_string();
      if (name == nullptr)
        return error{errc::invalid_configuration, "must be " + wanted(value_kind::list)};
      text.append(&element == list.get(0) ? "" : ",").append(name->get());
    }
    return text;
  }

  static std::string wanted(value_kind kind) {
    switch (kind) {
    case value_kind::number:
      return "a whole number";
    case value_kind::text_or_number:
      return "a string or a whole number";
    case value_kind::list:
      return "a list of strings";
    case value_kind::text:
      break;
    }
    return "a string in quotes";
  }

  const std::string& file_;
};

} // namespace

result<std::vector<assignment>> read_toml_file(const std::string& file) {
  auto text = read_all(file);
  if (!text)
    return text.error();
  toml_reader reader{file};
  auto parsed = toml::parse(std::string_view{*text}, std::string_view{file});
  if (!parsed)
    return error{errc::invalid_configuration,
                 reader.place(parsed.error().source()) + " " + std::string{parsed.error().description()}};
  if (auto read = reader.read_table(parsed.table(), ""); !read)
    return read.error();
  return std::move(reader.found);
}

} // namespace troupe::config
