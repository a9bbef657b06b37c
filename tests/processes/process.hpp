// SPDX-License-Identifier: BSD-3-Clause
// A real child process whose output can be waited for. Ends with the test: whoever forgets it leaves nothing behind.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::test {

/// How to start a program.
struct process_options {
  /// The program and its arguments.
  std::vector<std::string> command;
  /// The whole environment; nothing is inherited but PATH and the sanitizers' options.
  std::map<std::string, std::string> environment;
};

/// A running program. Thread-safe.
class process {
public:
  /// Starts it; throws std::system_error where that fails.
  explicit process(process_options options);
  /// Kills it if it still runs.
  ~process();

  /// Waits until `enough` holds for the standard output so far; false when the deadline passes or the program ends
  /// without it.
  bool wait_output(const std::function<bool(const std::string&)>& enough, std::chrono::milliseconds deadline);
  /// The same for the standard error.
  bool wait_errors(const std::function<bool(const std::string&)>& enough, std::chrono::milliseconds deadline);
  /// Waits for the first whole line of the standard output.
  std::optional<std::string> first_line(std::chrono::milliseconds deadline);

  /// Sends a signal.
  void signal(int number);
  /// Waits for the end; the exit code, 128 + N for signal N, nothing when the deadline passes.
  std::optional<int> wait_exit(std::chrono::milliseconds deadline);

  [[nodiscard]] std::string output() const;
  [[nodiscard]] std::string errors() const;
  [[nodiscard]] int id() const noexcept;
  /// A line of /proc/<pid>/status, in KiB: "VmRSS", "VmHWM", "RssAnon". 0 where the process ended.
  [[nodiscard]] std::int64_t memory_kib(const std::string& key) const;

private:
  struct shared;
  std::shared_ptr<shared> shared_;
};

/// The path of a program that this build made.
[[nodiscard]] std::string program(const std::string& name);

/// Asks `holds` again and again until it does; false when the deadline passes. For conditions of another process, which
/// nobody can signal to us.
bool wait_until(const std::function<bool()>& holds, std::chrono::milliseconds deadline);

} // namespace troupe::test
