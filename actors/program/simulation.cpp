// SPDX-License-Identifier: BSD-3-Clause
#include "actors/program/simulation.hpp"

#include "actors/simulation/simulate.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#ifndef TROUPE_COMMIT
#  define TROUPE_COMMIT "unknown"
#endif

namespace troupe {

namespace {

constexpr auto exit_broken = 70;
constexpr auto exit_configuration = 78;

struct options {
  simulation::run_options run;
  double hours = 1;
  std::uint64_t seeds = 1;
  std::string mode = "both";
  std::string placement = "mixed";
  std::string trace_file;
  bool demand_all_states = false;
  bool until_broken = false;
};

/// What all seeds together came to.
struct totals {
  std::uint64_t runs = 0;
  std::uint64_t broken = 0;
  std::uint64_t handled = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t faults = 0;
  std::chrono::milliseconds simulated{0};
  simulation::sometimes sometimes;
};

simulation::mode mode_of(const options& wanted, std::uint64_t seed) {
  auto liveness = wanted.mode == "liveness" || (wanted.mode == "both" && seed % 4 == 3);
  return liveness ? simulation::mode::liveness : simulation::mode::safety;
}

constexpr const char* name_of(placement where) {
  return where == placement::per_node ? "per_node" : where == placement::per_shard ? "per_shard" : "per_guild";
}

placement placement_of(const options& wanted, std::uint64_t seed) {
  constexpr std::array mixed{placement::per_node, placement::per_guild, placement::per_node, placement::per_shard};
  for (auto where : mixed)
    if (wanted.placement == name_of(where))
      return where;
  return mixed[seed / 4 % mixed.size()];
}

void report_broken(const options& wanted, const simulation::run_options& run, const simulation::outcome& came) {
  for (const auto& line : came.trace)
    std::fprintf(stderr, "%s\n", line.c_str());
  for (const auto& violation : came.violations)
    std::fprintf(stderr, "BROKEN  %s\n", violation.c_str());
  std::fprintf(
    stderr,
    "seed=%llu commit=%s replay: troupe simulation --seed %llu --hours %g --shards %u --mode %s --placement %s "
    "--events-per-second %g --calm-s %g\n",
    static_cast<unsigned long long>(run.seed), TROUPE_COMMIT, static_cast<unsigned long long>(run.seed), wanted.hours,
    run.shards, run.mode == simulation::mode::liveness ? "liveness" : "safety", name_of(run.where),
    run.events_per_second, std::chrono::duration<double>(run.calm).count());
}

void write_trace(const std::string& file, const simulation::outcome& came) {
  std::ofstream out{file};
  for (const auto& line : came.trace)
    out << line << '\n';
}

void print_summary(const totals& all, const options& wanted, std::uint64_t digest, double seconds) {
  auto simulated = std::chrono::duration<double>(all.simulated).count();
  std::string states;
  for (const auto& [name, count] : all.sometimes.counts())
    states += (states.empty() ? "\"" : ",\"") + name + "\":" + std::to_string(count);
  std::printf("{\"runs\":%llu,\"broken\":%llu,\"shard_hours\":%.1f,\"times_real_time\":%.0f,\"handled\":%llu,"
              "\"duplicates\":%llu,\"faults\":%llu,\"digest\":\"%016llx\",\"sometimes\":{%s}}\n",
              static_cast<unsigned long long>(all.runs), static_cast<unsigned long long>(all.broken),
              simulated / 3600 * wanted.run.shards, seconds > 0 ? simulated / seconds : 0,
              static_cast<unsigned long long>(all.handled), static_cast<unsigned long long>(all.duplicates),
              static_cast<unsigned long long>(all.faults), static_cast<unsigned long long>(digest), states.c_str());
}

int run_seeds(const options& wanted) {
  totals all;
  std::uint64_t digest = 0;
  auto began = std::chrono::steady_clock::now();
  for (auto seed = wanted.run.seed; seed < wanted.run.seed + wanted.seeds; ++seed) {
    auto run = wanted.run;
    run.seed = seed;
    run.mode = mode_of(wanted, seed);
    run.where = placement_of(wanted, seed);
    run.length = std::chrono::milliseconds{static_cast<std::int64_t>(wanted.hours * 3'600'000)};
    auto came = simulation::simulate(run);
    ++all.runs;
    all.handled += came.handled;
    all.duplicates += came.duplicates;
    all.faults += came.faults;
    all.simulated += came.elapsed;
    all.sometimes.add(came.sometimes);
    digest = digest * 31 + came.digest;
    if (!wanted.trace_file.empty())
      write_trace(wanted.trace_file, came);
    if (came.violations.empty())
      continue;
    ++all.broken;
    report_broken(wanted, run, came);
    if (wanted.until_broken)
      break;
  }
  print_summary(all, wanted, digest, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  auto missing = wanted.demand_all_states ? all.sometimes.missing() : std::vector<std::string>{};
  for (const auto& name : missing)
    std::fprintf(stderr, "never reached: %s\n", name.c_str());
  return all.broken > 0 || !missing.empty() ? exit_broken : 0;
}

} // namespace

int run_simulation(int argc, char** argv) {
  options wanted;
  double calm = std::chrono::duration<double>(wanted.run.calm).count();
  CLI::App app{"The whole tree in virtual time against the local Discord in memory, under random faults.",
               "troupe simulation"};
  app.add_option("--seed", wanted.run.seed, "The first seed; everything random follows from it")->capture_default_str();
  app.add_option("--seeds", wanted.seeds, "How many seeds")->check(CLI::Range(1, 10'000'000))->capture_default_str();
  app.add_option("--hours", wanted.hours, "Virtual hours of faults for each seed")
    ->check(CLI::Range(0.001, 100'000.0))
    ->capture_default_str();
  app.add_option("--shards", wanted.run.shards, "Shards")->check(CLI::Range(1, 1'000))->capture_default_str();
  app.add_option("--mode", wanted.mode, "safety, liveness, or both: every fourth seed is for liveness")
    ->check(CLI::IsMember({"safety", "liveness", "both"}))
    ->capture_default_str();
  app
    .add_option("--placement", wanted.placement,
                "Of the bot: per_node, per_shard, per_guild, or mixed, which takes four seeds with each in turn")
    ->check(CLI::IsMember({"per_node", "per_shard", "per_guild", "mixed"}))
    ->capture_default_str();
  app.add_option("--events-per-second", wanted.run.events_per_second, "Of each shard")
    ->check(CLI::Range(0.0, 1'000.0))
    ->capture_default_str();
  app.add_option("--calm-s", calm, "The mean distance of two faults, in seconds")
    ->check(CLI::Range(0.01, 1e6))
    ->capture_default_str();
  app.add_option("--trace", wanted.trace_file, "Write the trace of the last seed to this file");
  app.add_option("--trace-lines", wanted.run.trace_lines, "How many lines of it to keep")->capture_default_str();
  app.add_flag("--demand-all-states", wanted.demand_all_states, "Fail where an interesting state was never reached");
  app.add_flag("--until-broken", wanted.until_broken, "Stop at the first seed that breaks a promise");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& err) {
    return app.exit(err) == 0 ? 0 : exit_configuration;
  }
  wanted.run.calm = std::chrono::milliseconds{static_cast<std::int64_t>(calm * 1'000)};
  return run_seeds(wanted);
}

} // namespace troupe
