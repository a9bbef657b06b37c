// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Poll.
#pragma once

#include "messages/discord/emoji.hpp"
#include "messages/optionality.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// A question or an answer.
struct poll_media {
  std::optional<std::string> text;
  std::optional<troupe::emoji> emoji;

  friend bool operator==(const poll_media&, const poll_media&) = default;
};
BOOST_DESCRIBE_STRUCT(poll_media, (), (text, emoji))

/// One answer of a poll.
struct poll_answer {
  std::int32_t answer_id = 0;
  troupe::poll_media poll_media;

  friend bool operator==(const poll_answer&, const poll_answer&) = default;
};
BOOST_DESCRIBE_STRUCT(poll_answer, (), (answer_id, poll_media))

/// How often an answer was chosen.
struct poll_answer_count {
  std::int32_t id = 0;
  std::int32_t count = 0;
  bool me_voted = false;

  friend bool operator==(const poll_answer_count&, const poll_answer_count&) = default;
};
BOOST_DESCRIBE_STRUCT(poll_answer_count, (), (id, count, me_voted))

/// The votes so far; exact only when final.
struct poll_results {
  bool is_finalized = false;
  std::vector<poll_answer_count> answer_counts;

  friend bool operator==(const poll_results&, const poll_results&) = default;
};
BOOST_DESCRIBE_STRUCT(poll_results, (), (is_finalized, answer_counts))

/// A question with answers.
struct poll {
  poll_media question;
  std::vector<poll_answer> answers;
  nullable<timestamp> expiry;
  bool allow_multiselect = false;
  std::int32_t layout_type = 0;
  std::optional<poll_results> results;

  friend bool operator==(const poll&, const poll&) = default;
};
BOOST_DESCRIBE_STRUCT(poll, (), (question, answers, expiry, allow_multiselect, layout_type, results))

} // namespace troupe
