// SPDX-License-Identifier: BSD-3-Clause
// Plays the world around one session: clock, timers, connection and identify queue, with a real compressor.
#pragma once

#include "runtime/codec/compression.hpp"
#include "runtime/gateway/session.hpp"

#include <algorithm>
#include <map>

namespace troupe::testing {

using namespace troupe::gateway;

struct session_world {
  session_settings settings;
  std::optional<session> it;
  clock::time_point now{std::chrono::hours{1}};
  actions last;
  /// The newest epoch of each kind, and when it fires.
  std::map<timer, std::pair<std::uint64_t, clock::time_point>> timers;
  std::unique_ptr<codec::compressor> discord;
  std::string url;
  std::uint64_t sequence = 0;

  explicit session_world(codec::compression how = codec::compression::none, std::uint64_t seed = 1) {
    settings.shard = {0, 1};
    settings.token = secret{"TOKEN"};
    settings.compression = how;
    settings.main_url = "wss://main";
    settings.seed = seed;
    it.emplace(settings);
  }

  template <class F>
  actions& call(F what) {
    last.clear();
    what(last);
    for (const auto& one : last) {
      if (auto* order = std::get_if<arm>(&one))
        timers[order->which] = {order->epoch, now + order->delay};
      if (auto* order = std::get_if<gateway::connect>(&one)) {
        url = order->url;
        discord = codec::make_compressor(settings.compression);
      }
    }
    return last;
  }
  template <class T>
  const T* find() const {
    for (const auto& one : last)
      if (auto* found = std::get_if<T>(&one))
        return found;
    return nullptr;
  }
  template <class T>
  bool has() const {
    return find<T>() != nullptr;
  }
  const transmit* sent(opcode op) const {
    for (const auto& one : last)
      if (auto* found = std::get_if<transmit>(&one); found != nullptr && found->op == op)
        return found;
    return nullptr;
  }
  troupe::phase phase() const {
    return it->current_phase();
  }

  void start(std::optional<resume_point> point = {}) {
    call([&](auto& out) { it->start(std::move(point), now, out); });
  }
  void turn() {
    call([&](auto& out) { it->on_turn(now, out); });
  }
  void permit() {
    call([&](auto& out) { it->on_permit(now, out); });
  }
  void connected() {
    call([&](auto& out) { it->on_connected(it->generation(), now, out); });
  }
  void written() {
    call([&](auto& out) { it->on_identify_written(it->generation(), now, out); });
  }
  void say(std::string_view text) {
    auto packed = discord->pack(text);
    call([&](auto& out) { it->on_frame(it->generation(), packed, now, out); });
  }
  void closed(std::uint16_t code = 0, errc failure = errc::none) {
    auto was_open = phase() != troupe::phase::connecting;
    call([&](auto& out) { it->on_closed({it->generation(), code, "", failure, was_open}, now, out); });
  }
  void stop(farewell how) {
    call([&](auto& out) { it->stop(how, now, out); });
  }
  bool fire(timer which) {
    auto armed = timers.find(which);
    if (armed == timers.end())
      return false;
    now = std::max(now, armed->second.second);
    call([&](auto& out) { it->on_timer(which, armed->second.first, now, out); });
    return !last.empty();
  }
  void hello() {
    say(R"({"op":10,"d":{"heartbeat_interval":41250,"_trace":["x"]},"s":null,"t":null})");
  }
  void ready() {
    sequence = 1;
    say(R"({"t":"READY","s":1,"op":0,"d":{"v":10,"session_id":"S","resume_gateway_url":"wss://resume",)"
        R"("guilds":[{"id":"1","unavailable":true}],"user":{"id":"5"}}})");
  }
  void dispatch(std::uint64_t s, std::string_view name = "X") {
    say(R"({"t":")" + std::string{name} + R"(","s":)" + std::to_string(s) + R"(,"op":0,"d":{"a":1}})");
  }

  /// Brings a fresh session to a phase by the ordinary way.
  void reach(troupe::phase wanted) {
    using troupe::phase;
    if (wanted == phase::idle)
      return;
    if (wanted == phase::resuming || wanted == phase::replaying) {
      start(resume_point{"S", "wss://resume", 7});
      connected();
      hello();
      if (wanted == phase::replaying)
        dispatch(8);
      return;
    }
    start();
    if (wanted == phase::queued)
      return;
    turn();
    if (wanted == phase::connecting)
      return;
    connected();
    if (wanted == phase::awaiting_hello)
      return;
    hello();
    if (wanted == phase::awaiting_permit)
      return;
    permit();
    if (wanted == phase::identifying)
      return;
    if (wanted == phase::failed)
      return closed(4004);
    written();
    ready();
    if (wanted == phase::ready)
      return;
    say(R"({"op":7,"d":null})");
    if (wanted == phase::closing)
      return;
    closed();
  }
};

inline constexpr troupe::phase all_phases[] = {phase::idle,           phase::queued,          phase::connecting,
                                               phase::awaiting_hello, phase::awaiting_permit, phase::identifying,
                                               phase::resuming,       phase::replaying,       phase::ready,
                                               phase::closing,        phase::backing_off,     phase::failed};

} // namespace troupe::testing
