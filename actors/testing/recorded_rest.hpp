// SPDX-License-Identifier: BSD-3-Clause
// The REST calls of a tree on a stage: recorded in order, and answered by script where a test wants other answers than
// those of the local Discord.
#pragma once

#include "messages/snowflake.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace troupe::testing {

/// One call as it went out, repeats included.
struct rest_call {
  /// Since the stage was set.
  std::chrono::milliseconds at{0};
  std::string method;
  /// Relative to the API's base, with the query: "/channels/1/messages".
  std::string path;
  std::string body;
  /// Of the answer; 0 while there is none, and where none came.
  std::uint16_t status = 0;
};

/// A message that was sent to a channel, and that Discord took.
struct sent_message {
  snowflake channel;
  std::string content;
  /// The message that it replies to; 0 for none.
  snowflake reply_to;
};

/// What to answer instead of the local Discord.
struct scripted_answer {
  std::uint16_t status = 200;
  /// JSON, or anything.
  std::string body;
  /// Names in lower case. A 429 without "retry-after" says one second.
  std::map<std::string, std::string> headers;
};

struct stage_state;

/// The REST side of a stage.
class recorded_rest {
public:
  /// INTERNAL to the stage.
  explicit recorded_rest(stage_state& state) : state_{&state} {
    // nop
  }

  /// Every call so far in order, GET /gateway/bot of the start among them.
  [[nodiscard]] const std::vector<rest_call>& calls() const;

  /// The calls with this method, "POST".
  [[nodiscard]] std::vector<rest_call> calls(const std::string& method) const;

  /// What the bots said: the messages that were posted and answered with success.
  [[nodiscard]] std::vector<sent_message> messages() const;

  /// The next `times` calls of this method to this path get this answer. What was scripted first is used first.
  void answer(std::string method, std::string path, scripted_answer with, std::size_t times = 1);
  /// As above, with a status and a body only.
  void answer(std::string method, std::string path, std::uint16_t status, std::string body = {});

  /// The next `times` calls of this method to this path get no answer: they fail, as with a broken network.
  void fail(std::string method, std::string path, std::size_t times = 1);

  /// Forgets the calls, not what is scripted.
  void clear();

private:
  stage_state* state_;
};

} // namespace troupe::testing
