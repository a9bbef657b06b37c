// SPDX-License-Identifier: BSD-3-Clause
// What shards cost that have nothing to do: real processes, TLS, one guild each. Prints one JSON line per number of
// shards and transport, with everything that the process has in memory divided by the shards.
//
//   bench_idle_shards [SHARDS...]
#include "tests/processes/local_discord.hpp"

#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace troupe::test;

/// A line of /proc/<pid>/status, in KiB.
long memory_of(int process, const std::string& key) {
  std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key + ":"))
      return std::atol(line.c_str() + key.size() + 1);
  return 0;
}

bool measure(int shards, const std::string& transport) {
  auto count = std::to_string(shards);
  local_discord discord{{"--guilds", count, "--shards", count, "--members", "5", "--events-per-second", "0",
                         "--max-concurrency", "1024", "--session-starts", "100000"}};
  process bot{{.command = {program("event_counter"), "--shards", count, "--compress", transport},
               .environment = discord.bot_environment()}};
  if (!discord.wait_ready(shards, 120s) || !discord.drain(60s)) {
    std::fprintf(stderr, "%d shards were not ready in time\n%s\n", shards, bot.errors().c_str());
    return false;
  }
  auto resident = memory_of(bot.id(), "VmRSS");
  std::printf("{\"bench\":\"idle_shards\",\"transport\":\"%s\",\"shards\":%d,\"resident_kib\":%ld,\"own_kib\":%ld,"
              "\"resident_kib_per_shard\":%.1f}\n",
              transport.c_str(), shards, resident, memory_of(bot.id(), "RssAnon"),
              static_cast<double>(resident) / shards);
  std::fflush(stdout);
  bot.signal(SIGTERM);
  return bot.wait_exit(30s) == 0;
}

} // namespace

int main(int argc, char** argv) {
  // Two sockets for each shard, here or in the local Discord, which inherits the limit.
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  std::vector<int> counts;
  for (int i = 1; i < argc; ++i)
    counts.push_back(std::atoi(argv[i]));
  if (counts.empty())
    counts = {1, 100, 1'000};
  for (auto transport : {"zlib-stream", "zstd-stream", "none"})
    for (auto shards : counts)
      if (!measure(shards, transport))
        return EXIT_FAILURE;
}
