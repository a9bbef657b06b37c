// SPDX-License-Identifier: BSD-3-Clause
// The soak's bot: after it has handled an event it writes a line about it, or only counts. Now and then it crashes by
// itself, or blocks.
#include "tests/soak/record.hpp"

#include <troupe/troupe.hpp>

#include <fcntl.h>
#include <poll.h>
#include <simdjson.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

struct recorder_options {
  /// Which process this is.
  std::uint32_t start = 0;
  /// Every how many events of shard 0 it throws; 0: never. Of one shard, so that it is not so often that its supervisor
  /// slows it down.
  std::uint32_t crash_every = 0;
  /// How long the handling of an event takes, in milliseconds: so that a kill always meets events that wait.
  std::uint32_t work_ms = 0;
  /// Every how many first deliveries of all shards it blocks, and for how long, in milliseconds; 0: never.
  std::uint32_t block_every = 0;
  std::uint32_t block_ms = 0;
};

/// What the bot knows over its crashes.
struct recorder_state {
  std::uint64_t handled = 0;
  /// Without those that came again.
  std::uint64_t first = 0;
  std::map<std::uint32_t, std::string> sessions;
};

void append(int file, std::string_view text) {
  // One call: lines of two processes never mix, and a kill cuts off the last one at most.
  if (::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::runtime_error{"the record cannot be written"};
}

// So that the first READY of a session says to which one the events belong that follow.
std::string session_id(const troupe::raw_event& ready) {
  simdjson::dom::parser parser;
  return std::string{parser.parse(*ready.json)["session_id"].get_string().value()};
}

void wait(std::uint32_t milliseconds) {
  if (milliseconds > 0)
    ::poll(nullptr, 0, static_cast<int>(milliseconds));
}

/// @param file where the lines go; negative: nowhere.
caf::behavior recorder(troupe::bot* self, int file, const recorder_options& options,
                       const std::shared_ptr<recorder_state>& state) {
  self->subscribe_raw();
  return {
    [=](const troupe::raw_event& event) {
      wait(options.work_ms);
      auto again = event.replayed || event.redelivered;
      ++state->handled;
      if (options.block_every > 0 && !again && ++state->first % options.block_every == 0)
        wait(options.block_ms);
      if (file < 0)
        return;
      if (event.name == "READY")
        state->sessions[event.shard.index] = session_id(event);
      append(file, troupe::soak::to_line({event.shard.index, event.sequence, event.name, event.replayed,
                                          event.redelivered, options.start, state->sessions[event.shard.index]}));
      if (options.crash_every > 0 && !again && event.shard.index == 0 && event.sequence % options.crash_every == 0)
        throw std::runtime_error{"the recorder crashes as it was told to"};
    },
    [=](const troupe::bot_stopping&) {
      std::printf("{\"events\":%llu}\n", static_cast<unsigned long long>(state->handled));
      std::fflush(stdout);
      self->quit();
    },
  };
}

template <class Number>
auto set(std::shared_ptr<recorder_options> options, Number recorder_options::*member) {
  return [options = std::move(options), member](std::string_view text) -> troupe::result<void> {
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), (*options).*member);
    if (ec != std::errc{} || end != text.data() + text.size())
      return troupe::error{troupe::errc::invalid_configuration, "\"" + std::string{text} + "\" is no number"};
    return {};
  };
}

} // namespace

int main(int argc, char** argv) {
  auto options = std::make_shared<recorder_options>();
  // Open before the tree stands, and never closed: the process ends with it.
  auto file = std::make_shared<int>(-1);
  auto state = std::make_shared<recorder_state>();
  troupe::bot_spec spec{"recorder", [=](troupe::bot* self) { return recorder(self, *file, *options, state); }};
  spec.options = {
    {.name = "record",
     .help = "the file that lines are appended to",
     .apply = [=](std::string_view text) -> troupe::result<void> {
       *file = ::open(std::string{text}.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
       if (*file < 0)
         return troupe::error{troupe::errc::invalid_configuration, "cannot open " + std::string{text}};
       append(*file, "\n"); // The process before may have been killed inside a line.
       return {};
     }},
    {.name = "start", .help = "which process this is", .apply = set(options, &recorder_options::start)},
    {.name = "block-every", .help = "block at every Nth event", .apply = set(options, &recorder_options::block_every)},
    {.name = "block-ms", .help = "how long it blocks", .apply = set(options, &recorder_options::block_ms)},
    {.name = "work-ms", .help = "how long an event takes", .apply = set(options, &recorder_options::work_ms)},
    {.name = "crash-every",
     .help = "crash at every Nth event of shard 0",
     .apply = set(options, &recorder_options::crash_every)},
  };
  return troupe::run(argc, argv, std::move(spec));
}
