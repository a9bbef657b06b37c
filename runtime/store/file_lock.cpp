// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>
#include <thread>

namespace troupe::store {

namespace {

error unavailable(const std::filesystem::path& file, std::string_view what, int code) {
  return {errc::store_unavailable,
          "\"" + file.string() + "\" " + std::string{what} + ", " + std::generic_category().message(code)};
}

std::string owner_of(int descriptor) {
  std::array<char, 16> text{};
  auto size = ::pread(descriptor, text.data(), text.size(), 0);
  long pid = 0;
  if (size <= 0 || std::from_chars(text.data(), text.data() + size, pid).ec != std::errc{})
    return "another process";
  return pid == ::getpid() ? "this process already" : "another process (pid " + std::to_string(pid) + ")";
}

// Only for the sentence that the next process prints, so a failure does no harm.
void write_owner(int descriptor) {
  auto pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
    auto written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
}

} // namespace

result<file_lock> file_lock::acquire(const std::filesystem::path& file, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause{10};
  auto descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0)
    return unavailable(file, "cannot be opened", errno);
  file_lock lock{descriptor};
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR)
      continue;
    if (errno != EWOULDBLOCK)
      return unavailable(file, "cannot be locked", errno);
    if (patience <= std::chrono::milliseconds::zero())
      return error{errc::store_unavailable, owner_of(descriptor) + " holds the lock \"" + file.string() + "\""};
    auto step = std::min(pause, patience);
    std::this_thread::sleep_for(step);
    patience -= step;
  }
  write_owner(descriptor);
  return lock;
}

file_lock::~file_lock() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

} // namespace troupe::store
