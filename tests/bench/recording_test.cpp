// SPDX-License-Identifier: BSD-3-Clause
// That the benchmarks measure what they say: the recordings, and the way of their events through the rig.
#include "messages/discord/events.hpp"
#include "messages/guild_cache.hpp"
#include "messages/inspect.hpp"

#include "runtime/codec/scan.hpp"

#include "actors/event_decoder.hpp"
#include "actors/testing/deterministic.hpp"

#include "tests/bench/recording.hpp"
#include "tests/bench/shard_rig.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <optional>
#include <string>

using namespace troupe;
using namespace troupe::bench;

namespace {

/// Calls `look(envelope)` for each payload of a batch.
template <class Look>
void for_each_payload(codec::decompressor& inflate, const frame_batch& batch, Look look) {
  codec::scanner scan;
  for (const auto& one : batch)
    look(scan.scan(inflate.feed(one).value()).value());
}

} // namespace

TEST_CASE("a recording has the events that were asked for, numbered without gaps", "[bench][unit]") {
  auto how = GENERATE(codec::compression::none, codec::compression::zlib_stream, codec::compression::zstd_stream);
  auto recorded = record(how, 1000);
  auto inflate = codec::make_decompressor(how, 1u << 20);
  std::uint64_t last = 1;
  for (const auto& batch : recorded.batches)
    for_each_payload(*inflate, *batch, [&](const codec::envelope& found) {
      if (found.s)
        CHECK(*found.s == ++last);
    });
  CHECK(last == 1002);
  CHECK(std::find(recorded.names.begin(), recorded.names.end(), recorded.tenth) != recorded.names.end());
}

TEST_CASE("an endless recording numbers its events and their messages anew each time", "[bench][unit]") {
  constexpr std::uint64_t period = 500;
  constexpr std::uint64_t guilds = 200;
  endless_recording texts{period};
  auto inflate = codec::make_decompressor(codec::compression::none, 1u << 20);
  std::uint64_t events = 0;
  snowflake newest;
  std::vector<snowflake> authors;
  std::size_t messages = 0;
  while (auto batch = texts.next(guilds + 3 * period))
    for_each_payload(*inflate, *batch, [&](const codec::envelope& found) {
      if (found.t.empty() || found.t == "RESUMED")
        return;
      CHECK(*found.s == ++events + 2);
      CHECK((found.t == "GUILD_CREATE") == (events <= guilds));
      auto decoded = find_event_decoder(found.t)(found.d).value();
      if (found.t != "MESSAGE_CREATE")
        return;
      const auto& message = decoded.get_as<message_create>(0);
      CHECK(newest < message.id);
      newest = message.id;
      // People stay who they are.
      auto place = messages++;
      if (events <= guilds + period)
        authors.push_back(message.author.id);
      else
        CHECK(message.author.id == authors[place % authors.size()]);
    });
  CHECK(events == guilds + 3 * period);
  CHECK(texts.events() == events);
  CHECK(messages == 3 * authors.size());
}

TEST_CASE("the rig brings every event to the shard and its guilds to the caches", "[bench][unit]") {
  testing::deterministic world;
  endless_recording texts{500};
  constexpr std::uint64_t events = 2'000;
  {
    shard_rig rig{world.sys, {.names = texts.names(), .subscribers = 2, .caches = true}};
    rig.subscribe_all();
    world.settle();
    rig.start([&] { return texts.next(events); });
    world.settle();
    CHECK(texts.events() == events);
    auto status = rig.guilds()->status();
    CHECK(status.guilds == 200);
    CHECK(status.dirty == 0);
    CHECK(status.users > 1'000);
  }
  world.settle();
}
