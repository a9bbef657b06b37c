// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/command_queue.hpp"

#include "runtime/codec/json.hpp"
#include "runtime/gateway/command_check.hpp"

#include <algorithm>
#include <utility>

namespace troupe::gateway {

namespace {

constexpr std::chrono::seconds window_period{60};

command_result refused(errc reason, std::string detail) {
  return {command_outcome::refused, reason, std::move(detail)};
}

command_result dropped(std::string detail) {
  return {command_outcome::dropped, errc::dropped_by_reconnect, std::move(detail)};
}

} // namespace

command_queue::command_queue(command_limits limits)
  : limits_{limits}, presences_{limits.presences, limits.presence_period} {
  // nop
}

std::vector<settled> command_queue::push(std::uint64_t ticket, const command& what, clock::time_point now) {
  if (auto wrong = check_command(what))
    return {{ticket, refused(wrong.code, std::move(wrong.detail))}};
  entry added{ticket, codec::encode_command(what), {}};
  if (added.text.size() > limits_.payload_bytes) {
    auto detail = std::to_string(added.text.size()) + " bytes of " + std::to_string(limits_.payload_bytes);
    return {{ticket, refused(errc::payload_too_large, std::move(detail))}};
  }
  auto is_presence = std::holds_alternative<update_presence>(what);
  if (is_presence && presence_) {
    auto replaced = std::exchange(presence_, std::move(added));
    return {{replaced->ticket, {command_outcome::dropped, errc::none, "replaced by a newer presence"}}};
  }
  if (waiting() >= limits_.waiting)
    return {{ticket, refused(errc::queue_full, std::to_string(waiting()) + " commands wait")}};
  if (is_presence)
    presence_ = std::move(added);
  else if (std::holds_alternative<update_voice_state>(what))
    voice_.push_back(std::move(added));
  else {
    if (is_full_list(what))
      added.full_list_of = std::get<request_guild_members>(what).guild_id;
    requests_.push_back(std::move(added));
  }
  std::erase_if(full_lists_, [now](const auto& one) { return one.second <= now; });
  return {};
}

void command_queue::open(std::chrono::milliseconds heartbeat_interval) {
  window_.emplace(command_limit(heartbeat_interval), window_period);
}

std::vector<settled> command_queue::close() {
  window_.reset();
  std::vector<settled> ended;
  ended.reserve(waiting());
  for (auto* line : {&voice_, &requests_}) {
    for (auto& one : *line)
      ended.push_back({one.ticket, dropped("the connection was lost while it waited")});
    line->clear();
  }
  if (presence_)
    ended.push_back({presence_->ticket, dropped("the connection was lost while it waited")});
  presence_.reset();
  return ended;
}

std::optional<outgoing> command_queue::pop(clock::time_point now) {
  if (!window_ || window_->next_free(now) > now)
    return std::nullopt;
  if (!voice_.empty()) {
    auto taken = std::move(voice_.front());
    voice_.pop_front();
    return send(std::move(taken), now);
  }
  // A full list that must wait does not block what is behind it.
  auto ready = std::find_if(requests_.begin(), requests_.end(), [&](const entry& one) { return due(one, now) <= now; });
  if (ready != requests_.end()) {
    auto taken = std::move(*ready);
    requests_.erase(ready);
    if (taken.full_list_of)
      full_lists_[taken.full_list_of] = now + limits_.members_period;
    return send(std::move(taken), now);
  }
  if (presence_ && presences_.try_take(now))
    return send(*std::exchange(presence_, std::nullopt), now);
  return std::nullopt;
}

std::optional<command_queue::clock::time_point> command_queue::next_due(clock::time_point now) {
  if (!window_ || waiting() == 0)
    return std::nullopt;
  auto earliest = clock::time_point::max();
  if (!voice_.empty())
    earliest = now;
  for (const auto& one : requests_)
    earliest = std::min(earliest, due(one, now));
  if (presence_)
    earliest = std::min(earliest, presences_.next_free(now));
  if (earliest == clock::time_point::max())
    return std::nullopt;
  return std::max(earliest, window_->next_free(now));
}

std::size_t command_queue::waiting() const noexcept {
  return voice_.size() + requests_.size() + (presence_ ? 1 : 0);
}

bool command_queue::is_open() const noexcept {
  return window_.has_value();
}

command_queue::clock::time_point command_queue::due(const entry& request, clock::time_point now) const {
  if (!request.full_list_of)
    return now;
  auto last = full_lists_.find(request.full_list_of);
  return last == full_lists_.end() ? now : std::max(now, last->second);
}

outgoing command_queue::send(entry taken, clock::time_point now) {
  // `pop` looked before: there is a place.
  static_cast<void>(window_->try_take(now));
  return {taken.ticket, std::move(taken.text)};
}

} // namespace troupe::gateway
