// SPDX-License-Identifier: BSD-3-Clause
// Files in the state folder: how they and their folders come to be. Private to runtime/store.
#pragma once

#include "messages/error.hpp"

#include <filesystem>
#include <string_view>

namespace troupe::store {

/// `errc::store_unavailable`: the path in quotes, then what is wrong with it.
[[nodiscard]] error unavailable(const std::filesystem::path& file, std::string_view what);

/// As above, with the text of an `errno`.
[[nodiscard]] error unavailable(const std::filesystem::path& file, std::string_view what, int code);

/// Makes the folders above a file, for this user only, and the path absolute and free of links: two names of one file
/// become one.
[[nodiscard]] result<std::filesystem::path> place_state_file(const std::filesystem::path& given);

/// Creates the file (mode 0600) where there is none.
[[nodiscard]] result<void> make_state_file(const std::filesystem::path& file);

/// Makes names in a folder survive a loss of power.
void flush_folder(const std::filesystem::path& folder);

} // namespace troupe::store
