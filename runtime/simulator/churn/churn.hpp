// SPDX-License-Identifier: BSD-3-Clause
// Traffic that changes the world, in all the ways that Discord documents. Separate from traffic.hpp, which makes the
// everyday kinds fast and changes nothing.
#pragma once

#include "runtime/simulator/random.hpp"
#include "runtime/simulator/traffic.hpp"
#include "runtime/simulator/world.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::simulator {

namespace churn {
struct scene;
}

/// Makes events and changes the world with them. Deterministic from the seed and the calls.
class churn_traffic {
public:
  /// `where` and `people` must outlive it.
  churn_traffic(const options& opts, world& where, traffic& people);

  /// The next thing that happens in a guild: what an event of the mix or of churn leads to, in order. All of it is to
  /// be published before anything else happens. Some concern other guilds too. Empty where nothing happened.
  [[nodiscard]] std::vector<event> next(std::uint32_t guild, std::int64_t unix_ms);

  /// The bot wrote a message.
  /// @param data `d` of its MESSAGE_CREATE.
  void note_message(std::uint32_t guild, std::string_view data, std::int64_t unix_ms);

  /// The bot entered a voice channel, or left voice: its VOICE_STATE_UPDATE, as full as Discord has it.
  /// @param state Without `member` and `guild_id`.
  [[nodiscard]] event move_bot(std::uint32_t guild, const json_object& state, std::int64_t unix_ms);

private:
  [[nodiscard]] churn::scene open(std::uint32_t guild, std::int64_t unix_ms, std::vector<event>& out);
  void run_churn(churn::scene& s);
  void run_mix(churn::scene& s);

  const options settings_;
  world& world_;
  traffic& people_;
  random dice_;
};

} // namespace troupe::simulator
