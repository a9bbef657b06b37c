// SPDX-License-Identifier: BSD-3-Clause
// The real shard between a feeder and subscribers, on an actor system of the caller's: the part that benchmarks of the
// event path share.
#pragma once

#include "messages/interfaces.hpp"

#include "runtime/codec/compression.hpp"

#include "actors/guild_directory.hpp"

#include "tests/bench/recording.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe::bench {

/// What stands around the shard.
struct rig_options {
  codec::compression how = codec::compression::none;
  /// What each subscriber asks for.
  std::vector<std::string> names;
  bool raw = false;
  std::size_t subscribers = 1;
  /// Whether guilds are cached, with everything that there is.
  bool caches = false;
};

/// The actors. Ends them when it goes.
class shard_rig {
public:
  /// Spawns all but the shard: what this costs is no part of a measurement.
  shard_rig(caf::actor_system& sys, rig_options options);
  ~shard_rig();
  shard_rig(const shard_rig&) = delete;
  shard_rig& operator=(const shard_rig&) = delete;

  /// Tells SUBSCRIPTIONS who wants what. Answers come to nobody.
  void subscribe_all();

  /// Starts the shard, which resumes a session and is fed.
  void start(batch_source source);

  /// After the source had nothing: asks it again. Not before the shard has taken an event.
  void go_on();

  /// Where there are threads: waits, without spending CPU, until the shard has taken so many events, and until all
  /// subscribers and guilds have handled them.
  void await_events(std::uint64_t events);

  /// Events that the shard has taken. Where there are threads.
  [[nodiscard]] std::uint64_t events();

  /// Null where nothing is cached.
  [[nodiscard]] const std::shared_ptr<guild_directory>& guilds() const noexcept {
    return guilds_;
  }

private:
  void await(const caf::actor& who);

  caf::actor_system& sys_;
  rig_options options_;
  caf::scoped_actor self_;
  subscriptions_actor table_;
  std::vector<caf::actor> subscribers_;
  std::shared_ptr<guild_directory> guilds_;
  shard_actor shard_;
  /// Set by the shard when it starts its connection.
  std::shared_ptr<connection_actor> connection_ = std::make_shared<connection_actor>();
};

/// CPU seconds of the whole process for a recording on its way through the rig, on a system of its own.
[[nodiscard]] double runtime_path(const recording& from, rig_options options);

/// Guilds that keep everything, and ask nobody for what they miss.
[[nodiscard]] std::shared_ptr<guild_directory> make_directory(caf::actor_system& sys);

} // namespace troupe::bench
