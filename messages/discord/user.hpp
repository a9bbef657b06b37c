// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/User.
#pragma once

#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

namespace troupe {

/// A person or a bot.
struct user {
  snowflake id;
  std::string username;
  std::optional<std::string> global_name;
  std::optional<std::string> avatar;
  std::optional<bool> bot;

  friend bool operator==(const user&, const user&) = default;
};
BOOST_DESCRIBE_STRUCT(user, (), (id, username, global_name, avatar, bot))

} // namespace troupe
