// SPDX-License-Identifier: BSD-3-Clause
// Predicates of subscriptions: functions, which no message to another process can carry. Separate from
// subscription.hpp, which can.
#pragma once

#include "messages/shard_id.hpp"
#include "messages/subscription.hpp"

#include <atomic>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace troupe {

/// What a predicate of raw events looks at. Valid during the call.
struct event_view {
  shard_id shard;
  /// `s`: counts the dispatches of one session.
  std::uint64_t sequence = 0;
  /// `t`.
  std::string_view name;
  /// The text of `d`.
  std::string_view json;
};

/// A predicate of one subscription. Every shard calls it, on its own thread and for each event that the rest of the
/// request lets pass: it must be thread-safe, quick, and must own what it looks at, because it may be called after the
/// subscriber's end. One that throws lets the event pass, is counted and logged once.
class event_filter {
public:
  /// None.
  event_filter() = default;

  /// For events of this struct: `event_filter::on<message_create>([](const message_create& m) { return ...; })`.
  template <class Event, std::predicate<const Event&> Predicate>
  [[nodiscard]] static event_filter on(Predicate keep) {
    event_filter result;
    result.event_ = Event::event_name;
    result.typed_ = [keep = std::move(keep)](const void* event) -> bool {
      return keep(*static_cast<const Event*>(event));
    };
    return result;
  }

  /// For raw events.
  template <std::predicate<const event_view&> Predicate>
  [[nodiscard]] static event_filter on_raw(Predicate keep) {
    event_filter result;
    result.raw_ = std::move(keep);
    return result;
  }

  /// The event whose struct it looks at; empty where it looks at raw ones.
  [[nodiscard]] std::string_view event() const noexcept {
    return event_;
  }

  /// Whether it looks at raw events.
  [[nodiscard]] bool is_raw() const noexcept {
    return raw_ != nullptr;
  }

  /// @param event of the type that it was made for.
  [[nodiscard]] bool keeps(const void* event) const {
    return typed_(event);
  }

  /// Of a raw one.
  [[nodiscard]] bool keeps(const event_view& event) const {
    return raw_(event);
  }

  /// Whether this is the first time that it threw: only that is logged. Thread-safe.
  [[nodiscard]] bool first_failure() const noexcept {
    return !failed_->exchange(true);
  }

private:
  std::shared_ptr<std::atomic<bool>> failed_ = std::make_shared<std::atomic<bool>>(false);
  std::string_view event_;
  std::function<bool(const void*)> typed_;
  std::function<bool(const event_view&)> raw_;
};

/// A request whose events a predicate looks at, too. Never leaves the process. Refused where the predicate is for other
/// events than the request.
struct subscribe_where {
  subscribe what;
  std::shared_ptr<const event_filter> only;
};

} // namespace troupe
