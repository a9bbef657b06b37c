// SPDX-License-Identifier: BSD-3-Clause
// A text that must not be printed: the bot's token. It has no operator<<, no reflection, no formatter.
#pragma once

#include <string>
#include <utility>

namespace troupe {

/// Holds a secret. The only way to its text is `reveal`, which is easy to search for.
class secret {
public:
  secret() = default;
  explicit secret(std::string text) : text_{std::move(text)} {
    // nop
  }

  /// The text itself: only to be put on an encrypted wire.
  [[nodiscard]] const std::string& reveal() const noexcept {
    return text_;
  }

  /// Whether there is none.
  [[nodiscard]] bool empty() const noexcept {
    return text_.empty();
  }

private:
  std::string text_;
};

} // namespace troupe
