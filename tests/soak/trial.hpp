// SPDX-License-Identifier: BSD-3-Clause
// What the soak's runs share: a local Discord, the recorder as its bot, and what each of them says afterwards.
#pragma once

#include "tests/processes/local_discord.hpp"
#include "tests/soak/record.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe::soak {

/// How long this machine may take for what needs no time by itself.
inline constexpr std::chrono::seconds patience{60};

/// A local Discord and a bot that is started again and again. What must hold and does not throws std::runtime_error.
class trial {
public:
  /// @param discord Arguments of `troupe simulate`.
  /// @param bot Arguments of the recorder.
  trial(std::vector<std::string> discord, std::vector<std::string> bot);

  /// Starts the bot, after its predecessor ended.
  void start();
  /// Ends it with `kill -9`.
  void kill();
  /// Ends it with SIGTERM. @returns whether it left cleanly.
  bool stop();
  /// Throws where the bot ended by itself.
  bool alive();
  /// Whether it ended by itself within this time.
  bool ends_within(std::chrono::milliseconds time);
  /// Throws where `holds` does not come true in time, or the bot ends.
  void require(const std::function<bool()>& holds, const std::string& what, std::chrono::milliseconds time = patience);

  /// Compares all that was sent (`--record`) with all that was written down so far.
  verdict judge(sessions expected);
  /// Lines that the judge has read.
  [[nodiscard]] const record& written() const noexcept {
    return written_;
  }
  /// Dispatches that the judge knows of.
  [[nodiscard]] std::size_t sent() const noexcept {
    return sent_.size();
  }

  /// A counter of the local Discord.
  std::int64_t counter(const std::string& name);
  [[nodiscard]] test::local_discord& discord() noexcept {
    return discord_;
  }
  [[nodiscard]] test::process& bot() noexcept {
    return *bot_;
  }
  [[nodiscard]] const std::string& state_folder() const noexcept {
    return state_;
  }

private:
  void fetch_sent();

  test::local_discord discord_;
  std::string state_;
  std::string record_file_;
  std::vector<std::string> arguments_;
  std::unique_ptr<test::process> bot_;
  std::uint32_t starts_ = 0;
  std::vector<dispatch> sent_;
  record written_;
};

/// The line of JSON at the end of a run.
class report {
public:
  explicit report(const std::string& run) : text_{"{\"run\":\"" + run + "\""} {
    // nop
  }

  report& add(const std::string& name, std::int64_t value);
  report& add(const verdict& found);

  /// Something that must hold: a sentence on stderr where it does not.
  report& expect(bool holds, const std::string& sentence);
  /// No rule of Discord may be broken.
  report& expect_no_breach(test::local_discord& discord);

  /// Prints. @returns the exit code.
  int print();

private:
  std::string text_;
  bool holds_ = true;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

} // namespace troupe::soak
