// SPDX-License-Identifier: BSD-3-Clause
// The sans-IO state machine of one shard's session (design 6): what came in, what time it is -> what to do.
// No clock, no socket, no actor: the shard executes its actions, tests and the fuzzer play the world.
//
//   idle ──start──▶ queued ──turn──▶ connecting ──▶ awaiting_hello ──▶ awaiting_permit ──▶ identifying ──READY──▶ ready
//     (a session to resume skips the queue) connecting ──▶ awaiting_hello ──▶ resuming ──▶ replaying ──RESUMED──▶ ready
//   any ──trouble──▶ closing ──▶ backing_off ──▶ queued | connecting;   any ──fatal close code──▶ failed;   any
//   ──stop──▶ idle
#pragma once

#include "messages/command.hpp"
#include "messages/connection.hpp"
#include "messages/error.hpp"
#include "messages/intents.hpp"
#include "messages/opcode.hpp"
#include "messages/phase.hpp"
#include "messages/shard_id.hpp"

#include "runtime/codec/compression.hpp"
#include "runtime/secret.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::gateway {

/// Time is always an argument; the clock only names its type.
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// All that is needed to RESUME, on this machine or another. Kept outside the shard (promise P3).
struct resume_point {
  std::string session_id;
  /// Without query parameters, as READY gave it.
  std::string resume_url;
  std::uint64_t sequence = 0;

  friend bool operator==(const resume_point&, const resume_point&) = default;
};

/// How long each phase may take (design 6).
struct deadlines {
  milliseconds connect{10'000};
  milliseconds hello{20'000};
  milliseconds ready_warning{30'000};
  milliseconds ready{120'000};
  /// Without progress: each replayed dispatch starts it anew.
  milliseconds resumed{60'000};
  milliseconds close{2'000};
  /// Compressed bytes are pending and no message ends (protocol 9, row 1).
  milliseconds partial_message{10'000};
  /// After READY/RESUMED, until the backoff is forgotten.
  milliseconds stable{300'000};
};

/// The reconnect ladder (design 6).
struct ladder {
  milliseconds backoff_min{1'000};
  milliseconds backoff_max{60'000};
  /// A URL that failed this often is dropped for the main URL.
  std::uint32_t url_failures = 3;
  /// So many failed resumes give up the session.
  std::uint32_t resume_failures = 3;
};

/// What does not change while a session object lives.
struct session_settings {
  shard_id shard;
  /// The bot's token, without "Bot ".
  secret token;
  troupe::intents intents;
  codec::compression compression = codec::compression::zstd_stream;
  /// From GET /gateway/bot, without query parameters.
  std::string main_url;
  std::uint16_t large_threshold = 250;
  /// `properties.browser` and `properties.device`.
  std::string library_name = "troupe";
  std::optional<update_presence> presence;
  gateway::deadlines deadlines;
  gateway::ladder ladder;
  /// A decompressed message above this is a bomb.
  std::size_t max_message_bytes = 64u << 20;
  /// Seeds jitter: the same seed gives the same delays.
  std::uint64_t seed = 0;
};

/// What a timer is for. There is at most one of each kind; arming one anew makes the older stale.
enum class timer : std::uint8_t {
  connect,
  hello,
  ready_warning,
  ready,
  resumed,
  heartbeat,
  backoff,
  stable,
  close,
  partial_message,
};

// -- actions: what the caller must do, in this order ------------------------------------------------

/// Open a WebSocket to `url`, which is complete.
struct connect {
  std::uint64_t generation;
  std::string url;
};

/// Put this payload on the wire ahead of every command. Report `on_written` for identify.
struct transmit {
  std::uint64_t generation;
  opcode op;
  std::string text;
};

/// End the connection: close handshake with `code`, or at once where `code` is 0.
struct disconnect {
  std::uint64_t generation;
  std::uint16_t code;
};

/// Call `on_timer(which, epoch)` after `delay`.
struct arm {
  timer which;
  std::uint64_t epoch;
  clock::duration delay;
};

/// Join the identify queue; `on_turn` follows. `recovery` is false before the first READY of this object.
struct join_queue {
  bool recovery;
};
/// HELLO came; ask for the permit, `on_permit` follows.
struct want_permit {};
/// The permit is used from here on: comes before the `transmit` of IDENTIFY.
struct commit_permit {};
/// IDENTIFY is on the wire (or may be).
struct spend_permit {};
/// Give up the place in the queue or the unused permit.
struct leave_queue {};
/// IDENTIFY was answered by READY (true) or by a refusal of any kind (false).
struct identify_result {
  bool ready;
};

/// The phase changed.
struct entered {
  phase from;
  phase to;
  errc reason;
  std::string detail;
};

/// A dispatch. The views hold until the next call of the session.
struct deliver {
  std::uint64_t sequence;
  std::string_view name;
  /// The text of `d`; at least `codec::padding` readable bytes follow it.
  std::string_view data;
  bool replayed;
};

/// Commands may flow (after READY or RESUMED). `heartbeat_interval` sizes the limiter's reserve.
struct open_window {
  std::uint64_t generation;
  milliseconds heartbeat_interval;
};
/// Commands may not flow any more; those that wait are dropped.
struct close_window {
  std::uint64_t generation;
};

/// Remember this (or forget: nothing to resume). Comes with READY, on loss of the session, and before a disconnect.
struct checkpoint {
  std::optional<resume_point> point;
};

/// READY came.
struct became_ready {
  std::uint32_t guilds;
};
/// RESUMED came.
struct became_resumed {
  std::uint64_t replayed;
};
/// The connection is given up, the next attempt comes after `delay`.
struct restarting {
  errc reason;
  std::string detail;
  milliseconds delay;
  bool resumes;
};
/// A heartbeat was acknowledged.
struct pinged {
  clock::duration latency;
};
/// A heartbeat was not.
struct ping_missed {};
/// Discord sent something odd that was skipped or ended the connection.
struct invalid_message {
  std::string detail;
};
/// The session takes unusually long; for the log.
struct warned {
  errc reason;
  std::string detail;
};
/// A fatal close code: nothing more will happen. Stop and tell a person.
struct failed {
  error reason;
};
/// `stop` is complete: nothing more will happen.
struct stopped {};

/// One thing that the caller must do.
using action =
  std::variant<connect, transmit, disconnect, arm, join_queue, want_permit, commit_permit, spend_permit, leave_queue,
               identify_result, entered, deliver, open_window, close_window, checkpoint, became_ready, became_resumed,
               restarting, pinged, ping_missed, invalid_message, warned, failed, stopped>;
using actions = std::vector<action>;

/// How a session is left.
enum class farewell : std::uint8_t {
  /// 1000: the bot really goes away, the session ends at once.
  for_good,
  /// 4000: somebody will resume.
  resumable,
};

/// One shard's session, over all its connections. Not thread-safe: one owner calls it, in order.
/// Every call appends to `out` what is to be done; a call that does not fit the phase (an older generation or epoch,
/// a frame after the end) does nothing.
class session {
public:
  explicit session(session_settings settings);
  ~session();
  session(session&&) noexcept;
  session& operator=(session&&) noexcept;

  /// Leaves idle: resumes `point` where there is one, else joins the queue.
  void start(std::optional<resume_point> point, clock::time_point now, actions& out);
  /// The identify queue says that the turn is near.
  void on_turn(clock::time_point now, actions& out);
  /// The identify queue gave the permit.
  void on_permit(clock::time_point now, actions& out);
  /// The upgrade is done.
  void on_connected(std::uint64_t generation, clock::time_point now, actions& out);
  /// One frame. At most one `deliver` comes of it.
  void on_frame(std::uint64_t generation, const frame& received, clock::time_point now, actions& out);
  /// The identify of this generation is on the wire.
  void on_identify_written(std::uint64_t generation, clock::time_point now, actions& out);
  /// The connection is over.
  void on_closed(const connection_closed& closed, clock::time_point now, actions& out);
  /// A timer that was armed fired.
  void on_timer(timer which, std::uint64_t epoch, clock::time_point now, actions& out);
  /// The presence that the next IDENTIFY sets; the caller sends the command itself.
  void remember_presence(update_presence presence);
  /// The main URL changed (GET /gateway/bot was asked again).
  void use_main_url(std::string url);
  /// Whether the caller reads nothing for now (promise P6). Then Discord's silence is no evidence: missing
  /// acknowledgements and all deadlines for its answers are judged only when it is read again.
  void withhold_reading(bool withheld) noexcept;
  /// Leaves: closes the connection, then `stopped`.
  void stop(farewell how, clock::time_point now, actions& out);

  /// Where the session is: for reports, and for callers that must drop what is stale.
  [[nodiscard]] phase current_phase() const noexcept;
  [[nodiscard]] std::uint64_t generation() const noexcept;
  [[nodiscard]] std::uint64_t sequence() const noexcept;
  [[nodiscard]] std::optional<resume_point> resumable() const;
  [[nodiscard]] const session_settings& settings() const noexcept;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace troupe::gateway
