// SPDX-License-Identifier: BSD-3-Clause
// Turns one message into one line, without secrets and without anything that would break the line. Private to
// runtime/log and its tests, because it needs spdlog's headers.
#pragma once

#include <spdlog/formatter.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::log {

/// Texts that no line may hold. Thread-safe.
class secret_list {
public:
  /// Adds a text; those of less than four characters are ignored.
  void add(std::string text);

  /// The text with "[token]" in the place of each secret.
  [[nodiscard]] std::string without_secrets(std::string_view text) const;

private:
  mutable std::mutex mutex_;
  /// The longest first, so that no rest of a longer one stays behind.
  std::vector<std::string> texts_;
};

/// "2026-01-31 12:00:00.123 info  The shard ...": line breaks and control characters in the message are escaped, so
/// that no message can forge a line. Times are UTC.
[[nodiscard]] std::unique_ptr<spdlog::formatter> make_text_formatter(std::shared_ptr<const secret_list> secrets);

/// {"time":"2026-01-31T12:00:00.123Z","level":"info","message":"The shard ..."}, always valid UTF-8.
[[nodiscard]] std::unique_ptr<spdlog::formatter> make_json_formatter(std::shared_ptr<const secret_list> secrets);

} // namespace troupe::log
