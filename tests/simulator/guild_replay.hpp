// SPDX-License-Identifier: BSD-3-Clause
// A client that only listens: it keeps guilds by what Discord documents about events, over plain JSON. Knows neither
// the model's code nor the project's structs, so that it can judge both.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::test {

/// A JSON value. Scalars are kept as text.
struct json_value {
  enum class kind { scalar, list, object };
  kind what = kind::scalar;
  std::string scalar = "null";
  std::vector<json_value> items;
  std::map<std::string, json_value> members;

  [[nodiscard]] static json_value parse(const std::string& text);
  /// The member with this name; null where there is none.
  [[nodiscard]] const json_value& operator[](const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const {
    return members.contains(name);
  }
  [[nodiscard]] bool is(std::string_view text) const {
    return what == kind::scalar && scalar == text;
  }
  /// Text without quotes.
  [[nodiscard]] std::string plain() const;
  /// Adds and replaces members.
  void merge(const json_value& other);
  void erase(const std::string& name) {
    members.erase(name);
  }
};

/// Where two values differ first; "" where they do not.
[[nodiscard]] std::string difference(const json_value& left, const json_value& right, const std::string& path = "");

/// What a client knows of its guilds.
class guild_replay {
public:
  explicit guild_replay(std::string bot) : bot_{std::move(bot)} {
    // nop
  }

  /// Takes one dispatch.
  void handle(const std::string& event, const std::string& d);
  /// Ids of the guilds, those in an outage too, but not those that were never told.
  [[nodiscard]] std::set<std::string> guilds() const;
  [[nodiscard]] bool unavailable(const std::string& guild) const {
    return down_.contains(guild);
  }
  /// Where the guild differs from a GUILD_CREATE; "" where it does not.
  [[nodiscard]] std::string compare(const std::string& guild, const std::string& truth) const;

private:
  /// Lists by id: "roles", "channels", ...
  using table = std::map<std::string, json_value>;
  struct known_guild {
    json_value fields;
    std::map<std::string, table> lists;
  };

  [[nodiscard]] known_guild read(const json_value& create) const;
  void learn_users(const json_value& from);
  void ready(const json_value& d);
  void guild_delete(const json_value& d);
  bool channels(known_guild& in, const std::string& event, const json_value& d);
  bool threads(known_guild& in, const std::string& event, const json_value& d);
  bool people(known_guild& in, const std::string& event, const json_value& d);
  bool lists(known_guild& in, const std::string& event, const json_value& d);
  void messages(known_guild& in, const std::string& event, const json_value& d);
  void keep_member(known_guild& in, const std::string& user, json_value member, bool whole);
  /// Threads that the bot cannot see any more.
  void drop_hidden(const std::string& guild, known_guild& in);
  [[nodiscard]] bool sees(const std::string& guild, const known_guild& in, const json_value& channel) const;

  std::string bot_;
  std::map<std::string, known_guild> guilds_;
  /// In an outage, or announced by READY.
  std::set<std::string> down_;
  table users_;
};

} // namespace troupe::test
