// SPDX-License-Identifier: BSD-3-Clause
// Bytes as a sequence of inputs for a session: frames, timers, closes, permits. Its rules must hold whatever comes.
#include "runtime/gateway/session.hpp"

#include <cstddef>
#include <cstdlib>
#include <map>
#include <string>

using namespace troupe;
using namespace troupe::gateway;

namespace {

// The same in every build: assert() may be off.
void require(bool holds) {
  if (!holds)
    std::abort();
}

/// Follows the actions and checks what must always hold.
struct follower {
  std::map<timer, std::uint64_t> timers;
  std::uint64_t generation = 0;
  std::uint64_t identified = 0;
  int committed = 0;
  bool over = false;
  bool in_session = false;
  bool for_good = false;

  void operator()(const connect& what) {
    require(what.generation == generation + 1);
    generation = what.generation;
    in_session = false;
  }
  void operator()(const transmit& what) {
    require(what.generation == generation);
    in_session = in_session || what.op == opcode::resume;
    if (what.op != opcode::identify)
      return;
    require(committed == 1 && identified != generation);
    identified = generation;
  }
  void operator()(const disconnect& what) {
    require(what.code == 0 || what.code == 4000 || (what.code == 1000 && for_good));
  }
  void operator()(const arm& what) {
    timers[what.which] = what.epoch;
  }
  void operator()(const commit_permit&) {
    ++committed;
  }
  void operator()(const spend_permit&) {
    require(--committed == 0);
  }
  void operator()(const became_ready&) {
    in_session = true;
  }
  void operator()(const deliver& what) {
    require(in_session);
    // The bytes behind the text must be readable: simdjson looks there.
    volatile auto last = what.data.data()[what.data.size() + codec::padding - 1];
    static_cast<void>(last);
  }
  void operator()(const failed&) {
    over = true;
  }
  void operator()(const stopped&) {
    over = true;
  }
  void operator()(const auto&) {
    // nop
  }

  void follow(actions& all) {
    for (const auto& one : all) {
      require(!over);
      std::visit([this](const auto& what) { (*this)(what); }, one);
    }
    all.clear();
  }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2)
    return 0;
  session_settings settings;
  settings.token = secret{"token"};
  settings.main_url = "wss://gateway";
  settings.compression = static_cast<codec::compression>(data[0] % 3);
  settings.max_message_bytes = 1u << 16;
  settings.seed = data[1];
  session it{std::move(settings)};
  follower world;
  actions out;
  clock::time_point now{std::chrono::hours{1}};
  it.start({}, now, out);
  world.follow(out);
  for (std::size_t i = 2; i + 1 < size;) {
    auto what = data[i];
    auto argument = data[i + 1];
    i += 2;
    now += milliseconds{argument * 40};
    switch (what % 10) {
    case 0:
      it.on_turn(now, out);
      break;
    case 1:
      it.on_connected(it.generation() - argument % 2, now, out);
      break;
    case 2:
      it.on_permit(now, out);
      break;
    case 3:
      it.on_identify_written(it.generation(), now, out);
      break;
    case 4:
      it.on_closed({it.generation(),
                    static_cast<std::uint16_t>(argument < 64 ? 1000 + argument % 16 : 3990 + argument % 32), "",
                    errc::none, true},
                   now, out);
      break;
    case 5: {
      auto which = static_cast<timer>(argument % 10);
      it.on_timer(which, world.timers[which], now, out);
      break;
    }
    case 6:
      world.for_good = argument % 2 == 0;
      if (argument > 250)
        it.stop(world.for_good ? farewell::for_good : farewell::resumable, now, out);
      break;
    case 7:
      it.on_frame(it.generation(), {R"({"op":10,"d":{"heartbeat_interval":41250}})", false}, now, out);
      break;
    default: {
      auto length = std::min<std::size_t>(argument, size - i);
      it.on_frame(it.generation(), {std::string(reinterpret_cast<const char*>(data + i), length), what % 2 == 0}, now,
                  out);
      i += length;
    }
    }
    world.follow(out);
  }
  return 0;
}
