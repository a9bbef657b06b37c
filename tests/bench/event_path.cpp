// SPDX-License-Identifier: BSD-3-Clause
// What an event costs on its way from the connection to a subscriber, against a bare loop that inflates, scans and
// decodes the same bytes in one thread without actors (design 15). Prints one JSON line per transport and subscription.
//
//   bench_event_path [EVENTS [TRANSPORT [SUBSCRIBER]]]
//
// TRANSPORT and SUBSCRIBER are names as in its output: only those are measured.
#include "messages/discord/events.hpp"

#include "tests/bench/measuring.hpp"
#include "tests/bench/recording.hpp"
#include "tests/bench/shard_rig.hpp"

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace troupe;
using namespace troupe::bench;

/// What a subscriber asks for.
struct wish {
  std::string_view name;
  /// The events, by their names.
  std::function<std::vector<std::string>(const recording&)> of;
  bool raw = false;
  bool caches = false;
  /// Whoever wants little is measured against a loop that wants nothing.
  bool bare_wants_nothing = false;
};

std::vector<std::string> nothing(const recording&) {
  return {};
}

std::vector<std::string> one_in_ten(const recording& from) {
  return {from.tenth};
}

std::vector<std::string> messages(const recording&) {
  return {std::string{message_create::event_name}};
}

std::vector<std::string> everything(const recording& from) {
  return from.names;
}

const wish wishes[]{
  {.name = "nothing", .of = nothing},
  {.name = "typed, one event in ten", .of = one_in_ten, .bare_wants_nothing = true},
  {.name = "typed MESSAGE_CREATE", .of = messages},
  {.name = "typed, all events", .of = everything},
  {.name = "typed, all events, with caches of everything", .of = everything, .caches = true},
  {.name = "raw MESSAGE_CREATE", .of = messages, .raw = true},
  {.name = "raw, all events", .of = everything, .raw = true},
};

void measure(const recording& from, const wish& what) {
  auto names = what.of(from);
  auto bare_names = what.bare_wants_nothing ? std::vector<std::string>{} : names;
  rig_options options{.names = names, .raw = what.raw, .subscribers = names.empty() ? 0u : 1u, .caches = what.caches};
  auto [bare, runtime] = middle_of_rounds([&] { return bare_loop(from, bare_names, what.raw); },
                                          [&] { return runtime_path(from, options); });
  auto events = static_cast<double>(from.events);
  json_line{"event_path"}
    .with("transport", codec::to_string(from.how))
    .with("subscriber", what.name)
    .with("events", std::uint64_t{from.events})
    .with("json_bytes", static_cast<double>(from.bytes) / events, 0)
    .with("compressed_bytes", static_cast<double>(from.compressed) / events, 0)
    .with("bare_us", bare * 1e6 / events, 3)
    .with("runtime_us", runtime * 1e6 / events, 3)
    .with("ratio", runtime / bare, 2)
    .print();
}

} // namespace

int main(int argc, char** argv) {
  auto events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000ull;
  auto chosen = [&](int argument, std::string_view name) { return argc <= argument || name == argv[argument]; };
  for (auto how : {codec::compression::none, codec::compression::zlib_stream, codec::compression::zstd_stream}) {
    if (!chosen(2, codec::to_string(how)))
      continue;
    auto recorded = record(how, events);
    for (const auto& what : wishes)
      if (chosen(3, what.name))
        measure(recorded, what);
  }
}
