// SPDX-License-Identifier: BSD-3-Clause
// The inside of `session`: its state and the steps between the phases. Only session*.cpp include it: session.cpp has
// the inputs and the ways in and out of a connection, session_frames.cpp what Discord says on it.
#pragma once

#include "runtime/codec/scan.hpp"
#include "runtime/gateway/close_codes.hpp"
#include "runtime/gateway/heart.hpp"
#include "runtime/gateway/ladder_state.hpp"
#include "runtime/gateway/session.hpp"

#include <array>

namespace troupe::gateway {

class session::impl {
public:
  explicit impl(session_settings with);

  /// Sets the time and the list for the actions of one call. Every public method of `session` begins with it.
  impl& at(clock::time_point now, actions& out);

  // -- inputs (session.cpp)

  void start(std::optional<resume_point> from);
  void on_turn();
  void on_permit();
  void on_connected(std::uint64_t of);
  void on_identify_written(std::uint64_t of);
  void on_closed(const connection_closed& closed);
  void on_timer(timer which, std::uint64_t epoch);
  void stop(farewell how);
  void withhold_reading(bool withheld) noexcept;

  // -- input (session_frames.cpp)

  void on_frame(std::uint64_t of, const frame& received);

  session_settings settings;
  troupe::phase phase = troupe::phase::idle;
  std::uint64_t generation = 0;
  /// The session that can be resumed; `sequence` is the newest that was delivered.
  std::optional<resume_point> point;
  bool presence_remembered = false;

private:
  /// What a trouble means for the session and for the wait.
  enum class then : std::uint8_t {
    retry,       ///< Up the ladder.
    wait,        ///< Up the ladder, but not at once.
    at_once,     ///< No step: orderly, or it took its time already.
    invalidated, ///< Op 9: the short random wait.
  };

  struct trouble {
    errc reason;
    std::string detail;
    then next = then::retry;
    /// Of the disconnect; 0 aborts.
    std::uint16_t code = 4000;
  };

  // -- ways in and out (session.cpp)

  template <class Action>
  void act(Action what) {
    out_->push_back(std::move(what));
  }
  void enter(troupe::phase to, errc reason = errc::none, std::string detail = {});
  void arm_timer(timer which, clock::duration delay);
  void cancel(timer which);
  void cancel_all();
  void enqueue();
  void dial();
  void identify();
  void give_up(trouble what);
  void end_attempt();
  void settle_identify(bool ready);
  void lose_session();
  void after_closing();
  void proceed();
  void fail(errc code, std::string detail);
  void finish();
  [[nodiscard]] bool connected() const noexcept;
  [[nodiscard]] bool dialled_main() const noexcept;
  [[nodiscard]] trouble judge(const connection_closed& closed);
  void on_close_deadline();
  /// How long a timer runs that waits for Discord's word; nothing for others.
  [[nodiscard]] std::optional<milliseconds> waits_for_discord(timer which) const noexcept;
  void on_heartbeat_due();

  // -- what Discord says (session_frames.cpp)

  void on_message(std::string_view text);
  void on_hello(std::string_view data);
  void on_invalid_session(bool resumable);
  void on_dispatch(const codec::envelope& message);
  void on_ready(const codec::envelope& message);
  void on_resumed(const codec::envelope& message);
  void become_ready(bool new_resume_url);
  void corrupt(errc reason, std::string detail);
  void watch_partial();

  clock::time_point now_;
  actions* out_ = nullptr;
  /// The epoch of each kind's armed timer; 0 where none is.
  std::array<std::uint64_t, static_cast<std::size_t>(timer::partial_message) + 1> armed_{};
  std::uint64_t last_epoch_ = 0;

  codec::scanner scanner_;
  std::unique_ptr<codec::decompressor> decompressor_;
  heart heart_;
  ladder_state ladder_;

  /// Between `connect` and `on_closed`.
  bool has_socket_ = false;
  bool uses_resume_url_ = false;
  bool window_open_ = false;
  /// A place in the queue or an unused permit is ours.
  bool joined_ = false;
  bool permit_held_ = false;
  /// The permit is used, but IDENTIFY is not known to be on the wire.
  bool committed_ = false;
  bool identify_unanswered_ = false;
  /// After an unexplained 1000 the next failed resume is the last.
  bool resume_once_ = false;
  bool resume_sent_ = false;
  bool reading_withheld_ = false;
  bool was_ready_ = false;
  bool main_url_worked_ = false;
  bool stopping_ = false;
  /// `failed` or `stopped` was the last action.
  bool over_ = false;
  /// The close deadline passed once: the connection was told to abort.
  bool aborted_ = false;
  milliseconds delay_{0};
  clock::time_point ready_since_;
  std::uint64_t replayed_ = 0;
};

} // namespace troupe::gateway
