// SPDX-License-Identifier: BSD-3-Clause
// The program `troupe`: chooses the subcommand.
#include "runtime/simulator/command.hpp"

#include "actors/program/demo.hpp"
#include "actors/program/simulation.hpp"

#include <cstdio>
#include <string_view>

namespace {

constexpr auto exit_configuration = 78;

constexpr auto usage = R"(usage: troupe COMMAND [OPTIONS]

  demo        a local Discord with traffic and faults, the ping bot and a live status table
  simulate    a local Discord for bots of any library
  simulation  the whole tree in virtual time under random faults, judged

`troupe COMMAND --help` shows the options of each.
)";

} // namespace

int main(int argc, char** argv) {
  std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "demo")
    return troupe::run_demo(argc - 1, argv + 1);
  if (command == "simulate")
    return troupe::simulator::run_simulate(argc - 1, argv + 1);
  if (command == "simulation")
    return troupe::run_simulation(argc - 1, argv + 1);
  if (command == "--help" || command == "-h" || command == "help") {
    std::fputs(usage, stdout);
    return 0;
  }
  std::fprintf(stderr, command.empty() ? "troupe: no command given.\n%s%s" : "troupe: there is no command \"%s\".\n%s",
               command.data(), usage);
  return exit_configuration;
}
