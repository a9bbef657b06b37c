// SPDX-License-Identifier: BSD-3-Clause
// What an event costs on its way from the connection to a subscriber, against a bare loop that inflates, scans and
// decodes the same bytes in one thread without actors (design 15). Prints one JSON line per transport and subscription.
//
//   bench_event_path [EVENTS]
#include "messages/discord/events.hpp"
#include "messages/inspect.hpp"
#include "messages/subscription.hpp"

#include "runtime/codec/compression.hpp"
#include "runtime/codec/scan.hpp"
#include "runtime/simulator/traffic.hpp"
#include "runtime/simulator/world.hpp"

#include "actors/guild_cache.hpp"
#include "actors/guild_directory.hpp"
#include "actors/shard.hpp"
#include "actors/subscriptions.hpp"
#include "actors/system.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace troupe;

constexpr std::size_t batch_size = 64;
constexpr std::size_t message_limit = 64u << 20;

/// What a subscriber asks for.
enum class wish { nothing, one_in_ten, messages, typed_all, typed_all_and_caches, raw_messages, raw_all };

const char* name_of(wish what) {
  switch (what) {
  case wish::nothing:
    return "nothing";
  case wish::one_in_ten:
    return "typed, one event in ten";
  case wish::messages:
    return "typed MESSAGE_CREATE";
  case wish::typed_all:
    return "typed, all events";
  case wish::typed_all_and_caches:
    return "typed, all events, with caches of everything";
  case wish::raw_messages:
    return "raw MESSAGE_CREATE";
  case wish::raw_all:
    return "raw, all events";
  }
  return "";
}

/// The frames of one connection: HELLO, RESUMED, then events as the local Discord makes them.
struct recording {
  std::vector<std::shared_ptr<const frame_batch>> batches;
  std::size_t events = 0;
  std::size_t bytes = 0;
  std::size_t compressed = 0;
  /// Every name, and that of about one event in ten.
  std::vector<std::string> names;
  std::string tenth;
};

bool is_typed(wish what) {
  return what != wish::raw_messages && what != wish::raw_all;
}

recording record(codec::compression how, std::size_t events) {
  simulator::options options;
  options.guilds = 200;
  simulator::world world{options};
  simulator::traffic traffic{options, world};
  auto pack = codec::make_compressor(how);
  recording made;
  frame_batch batch;
  auto add = [&](const std::string& text) {
    batch.push_back(pack->pack(text));
    made.bytes += text.size();
    made.compressed += batch.back().bytes.size();
    if (batch.size() == batch_size)
      made.batches.push_back(std::make_shared<const frame_batch>(std::exchange(batch, {})));
  };
  add(R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}})");
  add(R"({"t":"RESUMED","s":2,"op":0,"d":{}})");
  std::map<std::string, std::size_t> counts;
  auto now = options.unix_start_ms;
  for (std::uint64_t sequence = 3; made.events < events; ++sequence, ++made.events) {
    auto happened = traffic.next(now += 10);
    ++counts[std::string{happened->type}];
    add("{\"t\":\"" + std::string{happened->type} + "\",\"s\":" + std::to_string(sequence)
        + ",\"op\":0,\"d\":" + happened->data + "}");
  }
  if (!batch.empty())
    made.batches.push_back(std::make_shared<const frame_batch>(std::move(batch)));
  auto distance = [&](std::size_t count) { return std::abs(static_cast<double>(count) * 10 / made.events - 1); };
  for (const auto& [name, count] : counts) {
    made.names.push_back(name);
    if (made.tenth.empty() || distance(count) < distance(counts[made.tenth]))
      made.tenth = name;
  }
  return made;
}

double cpu_seconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::vector<std::string> names_in(const recording& from, wish what) {
  switch (what) {
  case wish::nothing:
    return {};
  case wish::one_in_ten:
    return {from.tenth};
  case wish::messages:
  case wish::raw_messages:
    return {std::string{message_create::event_name}};
  default:
    return from.names;
  }
}

/// The same work without actors. Returns CPU seconds.
double bare_loop(const recording& from, codec::compression how, wish what) {
  auto inflate = codec::make_decompressor(how, message_limit);
  codec::scanner scan;
  std::uint64_t kept = 0;
  auto names = names_in(from, what);
  auto start = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
  for (const auto& batch : from.batches) {
    for (const auto& one : *batch) {
      auto found = scan.scan(inflate->feed(one).value()).value();
      // Whoever wants little is measured against a loop that wants nothing.
      if (what == wish::one_in_ten || std::find(names.begin(), names.end(), found.t) == names.end())
        continue;
      if (is_typed(what))
        kept += find_event_decoder(found.t)(found.d).value().size();
      else
        kept += std::make_shared<const std::string>(found.d)->size();
    }
  }
  auto used = cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - start;
  return kept == ~0ull ? 0 : used; // Nothing of it may be optimised away.
}

/// Plays the connection: hands out the batches as credit allows.
struct feeder_state {
  const recording* from = nullptr;
  connection_owner_actor owner;
  std::uint64_t generation = 0;
  std::size_t next = 0;
  std::uint64_t credit = 0;

  void feed(connection_actor::pointer self) {
    while (next < from->batches.size() && credit >= from->batches[next]->size()) {
      credit -= from->batches[next]->size();
      self->send(owner, frames_received{generation, from->batches[next++]});
    }
  }
};

connection_actor::behavior_type feeder(connection_actor::stateful_pointer<feeder_state> self, const recording* from,
                                       connection_owner_actor owner) {
  self->state.from = from;
  self->state.owner = std::move(owner);
  return {
    [self](const open_connection& order) {
      self->state.generation = order.generation;
      self->send(self->state.owner, connection_opened{order.generation});
    },
    [](const write_payload& order) {
      return payload_written{order.generation, order.ticket};
    },
    [self](const grant_credit& order) {
      self->state.credit += order.frames;
      self->state.feed(self);
    },
    [self](const close_connection& order) {
      self->send(self->state.owner, connection_closed{order.generation, 0, {}, errc::none, true});
    },
  };
}

caf::behavior subscriber(caf::event_based_actor* self) {
  self->set_default_handler(caf::drop);
  return {
    [](const message_create&) {},
    [](const raw_event&) {},
  };
}

/// Waits, without spending CPU, until the shard has taken everything.
void wait_for_events(caf::scoped_actor& self, const shard_actor& shard, std::uint64_t events) {
  std::uint64_t seen = 0;
  while (seen < events) {
    self->request(shard, 60s, shard_status_request{})
      .receive([&](const shard_status& status) { seen = status.events; }, [](const caf::error&) { std::abort(); });
    if (seen < events)
      self->receive(caf::after(5ms) >> [] {});
  }
}

std::shared_ptr<guild_directory> directory_of(caf::actor_system& sys) {
  auto made = std::make_shared<std::weak_ptr<guild_directory>>();
  auto directory = std::make_shared<guild_directory>(cache::settings::parse("all").value(),
                                                     [&sys, made](snowflake guild, std::shared_ptr<guild_meter> meter) {
                                                       guild_cache_dependencies with;
                                                       with.guild = guild;
                                                       with.directory = *made;
                                                       with.kept = made->lock()->kept();
                                                       with.users = made->lock()->users();
                                                       with.meter = std::move(meter);
                                                       return sys.spawn(guild_cache, std::move(with));
                                                     });
  *made = directory;
  return directory;
}

/// The real shard between a feeder and a subscriber. Returns the CPU seconds of the whole process.
double runtime_path(const recording& from, codec::compression how, wish what) {
  actor_config config;
  caf::actor_system sys{config};
  caf::scoped_actor self{sys};
  auto table = sys.spawn(subscriptions);
  auto listener = sys.spawn(subscriber);
  if (what != wish::nothing) {
    subscribe order{.events = names_in(from, what), .raw = !is_typed(what)};
    self->request(table, 10s, order, listener)
      .receive([](const subscribed&) {}, [](const caf::error&) { std::abort(); });
  }
  shard_dependencies deps;
  deps.settings.token = secret{"bench"};
  deps.settings.compression = how;
  deps.settings.main_url = "wss://localhost";
  deps.resume = gateway::resume_point{"session", "wss://localhost", 1};
  deps.subscriptions = table;
  if (what == wish::typed_all_and_caches)
    deps.guilds = directory_of(sys);
  auto guilds = deps.guilds;
  deps.connect = [&from](caf::actor_system& system, connection_owner_actor owner) {
    return system.spawn(feeder, &from, std::move(owner));
  };
  auto start = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  auto one = sys.spawn(shard, std::move(deps));
  wait_for_events(self, one, from.events);
  auto await = [&](const caf::actor& who) {
    self->request(who, 60s, caf::sys_atom::value, caf::get_atom::value, "info")
      .receive([](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&, const std::string&) {},
               [](const caf::error&) { std::abort(); });
  };
  await(listener);
  if (guilds)
    for (auto guild : guilds->guilds())
      await(caf::actor_cast<caf::actor>(guilds->find(guild)));
  auto used = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
  self->send_exit(one, caf::exit_reason::kill);
  self->send_exit(listener, caf::exit_reason::kill);
  self->send_exit(table, caf::exit_reason::kill);
  if (guilds)
    guilds->end_all();
  return used;
}

} // namespace

int main(int argc, char** argv) {
  auto events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000ull;
  for (auto how : {codec::compression::none, codec::compression::zlib_stream, codec::compression::zstd_stream}) {
    auto recorded = record(how, events);
    for (auto what : {wish::nothing, wish::one_in_ten, wish::messages, wish::typed_all, wish::typed_all_and_caches,
                      wish::raw_messages, wish::raw_all}) {
      // The better of three each, alternating: these machines are noisy.
      auto bare = 1e9;
      auto runtime = 1e9;
      for (auto round = 0; round < 3; ++round) {
        bare = std::min(bare, bare_loop(recorded, how, what));
        runtime = std::min(runtime, runtime_path(recorded, how, what));
      }
      auto per_event = 1e6 / static_cast<double>(events);
      std::printf("{\"bench\":\"event_path\",\"transport\":\"%s\",\"subscriber\":\"%s\",\"events\":%llu,"
                  "\"bytes_per_event\":%.0f,\"compressed_bytes_per_event\":%.0f,\"bare_us\":%.3f,\"runtime_us\":%.3f,"
                  "\"ratio\":%.2f}\n",
                  std::string{codec::to_string(how)}.c_str(), name_of(what), events,
                  static_cast<double>(recorded.bytes) / static_cast<double>(events),
                  static_cast<double>(recorded.compressed) / static_cast<double>(events), bare * per_event,
                  runtime * per_event, runtime / bare);
      std::fflush(stdout);
    }
  }
}
