// SPDX-License-Identifier: BSD-3-Clause
// Counts events and prints one JSON line at the end: shows options of a bot's own, raw and typed events, and how a bot
// says goodbye.
#include <troupe/troupe.hpp>

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct counter_options {
  /// Empty: all.
  std::vector<std::string> types;
  bool raw = false;
};

struct counts {
  std::map<std::string, unsigned long long> by_type;

  void print() const {
    unsigned long long events = 0;
    std::string list;
    for (const auto& [name, count] : by_type) {
      events += count;
      list += (list.empty() ? "\"" : ",\"") + name + "\":" + std::to_string(count);
    }
    std::printf("{\"events\":%llu,\"by_type\":{%s}}\n", events, list.c_str());
    std::fflush(stdout);
  }
};

template <class Event>
auto count_typed(const std::shared_ptr<counts>& seen) {
  return [seen](const Event&) { ++seen->by_type[std::string{Event::event_name}]; };
}

caf::behavior event_counter(troupe::bot* self, const counter_options& options) {
  auto seen = std::make_shared<counts>();
  if (options.raw)
    self->subscribe_raw(options.types);
  else if (!options.types.empty())
    self->subscribe(options.types);
  else
    self->subscribe<troupe::ready, troupe::resumed, troupe::guild_create, troupe::guild_delete, troupe::message_create,
                    troupe::message_delete>();
  return {
    [seen](const troupe::raw_event& event) { ++seen->by_type[event.name]; },
    count_typed<troupe::ready>(seen),
    count_typed<troupe::resumed>(seen),
    count_typed<troupe::guild_create>(seen),
    count_typed<troupe::guild_delete>(seen),
    count_typed<troupe::message_create>(seen),
    count_typed<troupe::message_delete>(seen),
    [self, seen](const troupe::bot_stopping&) {
      seen->print();
      self->quit();
    },
  };
}

void split(std::string_view text, std::vector<std::string>& into) {
  for (into.clear(); !text.empty();) {
    auto comma = std::min(text.find(','), text.size());
    if (comma > 0 && text.substr(0, comma) != "all")
      into.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
}

} // namespace

int main(int argc, char** argv) {
  auto options = std::make_shared<counter_options>();
  troupe::bot_spec spec{"event_counter", [options](troupe::bot* self) { return event_counter(self, *options); }};
  spec.options = {
    {.name = "types",
     .help = "events to count, \"all\" or names such as MESSAGE_CREATE,GUILD_CREATE",
     .apply = [options](std::string_view text) -> troupe::result<void> {
       return split(text, options->types), troupe::result<void>{};
     }},
    {.name = "raw",
     .help = "take the JSON as it comes; then every event can be counted",
     .flag = true,
     .apply = [options](std::string_view) -> troupe::result<void> {
       return options->raw = true, troupe::result<void>{};
     }},
  };
  return troupe::run(argc, argv, std::move(spec));
}
