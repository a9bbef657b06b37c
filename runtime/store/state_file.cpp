// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/state_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace troupe::store {

namespace fs = std::filesystem;

namespace {

result<void> make_folders(const fs::path& folder) {
  std::error_code ignored;
  if (folder.empty() || fs::is_directory(folder, ignored))
    return {};
  if (auto above = make_folders(folder.parent_path()); !above)
    return above;
  // EEXIST: another process was faster, or a file is in the way, which opening the file will report.
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return unavailable(folder, "cannot be created", errno);
  flush_folder(folder.parent_path());
  return {};
}

} // namespace

error unavailable(const fs::path& file, std::string_view what) {
  return {errc::store_unavailable, "\"" + file.string() + "\" " + std::string{what}};
}

error unavailable(const fs::path& file, std::string_view what, int code) {
  return unavailable(file, std::string{what} + ": " + std::generic_category().message(code));
}

result<fs::path> place_state_file(const fs::path& given) {
  std::error_code failed;
  auto absolute = fs::absolute(given, failed);
  if (failed || !given.has_filename())
    return unavailable(given, "is not the path of a file");
  if (auto made = make_folders(absolute.parent_path()); !made)
    return made.error();
  auto file = fs::weakly_canonical(absolute, failed);
  if (failed)
    return unavailable(given, "cannot be reached", failed.value());
  return file;
}

result<void> make_state_file(const fs::path& file) {
  // Only where there is none: closing a descriptor of a database in use would drop SQLite's locks on it.
  auto descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0)
    ::close(descriptor);
  else if (errno != EEXIST)
    return unavailable(file, "cannot be created", errno);
  return {};
}

void flush_folder(const fs::path& folder) {
  auto descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return;
  ::fsync(descriptor);
  ::close(descriptor);
}

} // namespace troupe::store
