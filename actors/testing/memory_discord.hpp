// SPDX-License-Identifier: BSD-3-Clause
// The local Discord without sockets: the simulator's model on the clock of an actor system. Under CAF's test scheduler
// a run is deterministic and days pass in seconds (design 13).
#pragma once

#include "messages/interfaces.hpp"

#include "runtime/net/http_client.hpp"
#include "runtime/simulator/model.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::testing {

/// Ticks a `memory_discord`.
using ticker_actor = caf::typed_actor<
  // INTERNAL: something may be due. Epoch 0: look now.
  caf::reacts_to<retry_due>>;

/// One local Discord, shared by the connections of one actor system. Thread-safe. Call `stop` before the system ends.
class memory_discord : public std::enable_shared_from_this<memory_discord> {
public:
  /// Called under the lock, in order: may only send messages.
  using sink = std::function<void(simulator::effect)>;

  /// `gateway_url` and `resume_url` of `opts` are replaced by names of this Discord's own.
  [[nodiscard]] static std::shared_ptr<memory_discord> make(caf::actor_system& sys, simulator::options opts);

  /// Ends the ticker.
  void stop();

  /// What became of a dial.
  struct dialled {
    /// 0 where it failed.
    simulator::connection_id connection = 0;
    errc failure = errc::none;
    std::string detail;
    /// Nobody answers: the dial ends by its deadline.
    bool hangs = false;
  };

  /// A client dials; what the model sends goes to `to`, on the thread that drives it.
  [[nodiscard]] dialled open(const std::string& url, sink to);
  void on_frame(simulator::connection_id from, std::string text);
  /// @param code Of the client's close frame; 0 for none.
  void on_closed(simulator::connection_id from, std::uint16_t code);
  /// See `model::hold`.
  void hold(simulator::connection_id which, bool full);

  /// For `rest_dependencies::transport`: the REST actor over this Discord.
  [[nodiscard]] std::function<void(net::http_request, std::function<void(result<net::http_response>)>)> transport();
  /// Never dialled, only recognised.
  [[nodiscard]] static std::string api_url();

  /// See `model::dispatch`.
  std::size_t dispatch(std::uint32_t shard, std::string_view event, std::string_view json);
  /// Sees every payload of a client once the model took it.
  using observer = std::function<void(const simulator::model&, simulator::connection_id, const std::string&)>;
  /// @param who Called under the lock.
  void watch(observer who);

  /// Plays a fault now.
  void inject(const simulator::fault& what);
  /// Runs `look` with the model, for checks.
  template <class Look>
  auto with_model(Look look) {
    std::lock_guard guard{mutex_};
    return look(model_);
  }

  /// For the ticker: does what is due and returns when to look again.
  [[nodiscard]] std::optional<simulator::clock::time_point> tick();
  [[nodiscard]] simulator::clock::time_point now() const;

private:
  memory_discord(caf::actor_system& sys, simulator::options opts);
  /// Hands out what is due. Under the lock, as the next two.
  void deliver();
  [[nodiscard]] std::optional<simulator::clock::time_point> next_due() const;
  /// After each input.
  void pump();

  caf::actor_system& system_;
  std::mutex mutex_;
  simulator::model model_;
  std::map<simulator::connection_id, sink> sinks_;
  observer observer_;
  /// REST answers that come late.
  std::multimap<simulator::clock::time_point, std::function<void()>> late_;
  ticker_actor ticker_;
  /// When the ticker will look again.
  std::optional<simulator::clock::time_point> planned_;
};

} // namespace troupe::testing
