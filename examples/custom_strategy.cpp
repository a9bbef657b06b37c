// SPDX-License-Identifier: BSD-3-Clause
// A supervisor with a strategy of one's own: the parts of a service belong together, services do not. Ids are
// "service.part"; when a part crashes, all parts of its service are restarted. Needs neither a token nor a network.
#include <troupe/troupe.hpp>

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace troupe;

/// Everything that has the same name up to the dot.
std::vector<std::string> same_service(const std::vector<supervision::child_view>& children, std::string_view ended,
                                      const error&) {
  auto service = ended.substr(0, ended.find('.') + 1);
  std::vector<std::string> together;
  for (const auto& child : children)
    if (child.id.starts_with(service))
      together.emplace_back(child.id);
  return together;
}

/// A part says hello to the desk, and crashes when it is told to.
caf::behavior part(caf::event_based_actor* self, const std::string& id, const caf::actor& desk) {
  carry_exceptions(self, {});
  self->send(desk, id, caf::actor{self});
  return {[](const std::string& word) { throw std::runtime_error(word); }};
}

child_spec part_spec(const std::string& id, const caf::actor& desk) {
  return {.id = id, .start = [=](const child_context& context) { return context.system.spawn(part, id, desk); }};
}

void print(const supervision::report& what) {
  if (const auto* started = std::get_if<child_started>(&what))
    std::printf("%s runs, start %u\n", started->path.c_str(), started->start);
  else if (const auto* ended = std::get_if<child_exited>(&what); ended != nullptr && ended->reason != errc::none)
    std::printf("%s crashed: %s\n", ended->path.c_str(), ended->detail.c_str());
  else if (ended != nullptr)
    std::printf("%s was stopped\n", ended->path.c_str());
}

} // namespace

int main() {
  actor_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto desk = caf::actor_cast<caf::actor>(self);

  supervisor_spec spec;
  spec.path = "services";
  spec.flags.custom = same_service;
  spec.on_report = print;
  for (const auto* id : {"chat.reader", "chat.writer", "music.player"})
    spec.children.push_back(part_spec(id, desk));
  auto services = system.spawn(supervisor, spec);

  // Three parts say hello; the reader of the chat crashes; both parts of the chat say hello again.
  caf::actor reader;
  auto greetings = 0;
  auto in_time = true;
  self->receive_while([&] { return greetings < 5 && in_time; })(
    [&](const std::string& id, const caf::actor& who) {
      ++greetings;
      if (id == "chat.reader")
        reader = who;
      if (greetings == 3)
        self->send(reader, "the chat is full");
    },
    caf::after(10s) >> [&] { in_time = false; });

  self->send_exit(services, caf::exit_reason::user_shutdown);
  self->wait_for(services);
  return in_time ? 0 : 1;
}
