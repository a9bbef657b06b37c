// SPDX-License-Identifier: BSD-3-Clause
#include "actors/status_table.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <sstream>
#include <string>

namespace troupe {

using namespace std::chrono_literals;

namespace {

const std::chrono::steady_clock::time_point start{1h};

shard_status shard(std::uint32_t index, phase where, std::uint64_t events) {
  shard_status status;
  status.shard = {index, 2};
  status.phase = where;
  status.events = events;
  status.guilds = 10;
  status.resumes = index;
  status.latency_us = 1500 * index;
  return status;
}

} // namespace

TEST_CASE("a table without a status has no rows and nothing ready", "[actors][unit]") {
  status_table table;
  CHECK(table.size() == 0);
  CHECK(table.ready() == 0);
  CHECK(table.table().find("0 of 0 ready") != std::string::npos);
}

TEST_CASE("the table has a header, a row per shard and totals, 80 columns wide", "[actors][unit]") {
  status_table table;
  table.update({2, {shard(0, phase::ready, 100), shard(1, phase::awaiting_permit, 20)}}, start);
  std::istringstream lines{table.table()};
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);)
    rows.push_back(line);
  REQUIRE(rows.size() == 4);
  CHECK(std::all_of(rows.begin(), rows.end(), [](const auto& row) { return row.size() <= 80; }));
  CHECK(rows[1].find("0/2") != std::string::npos);
  CHECK(rows[1].find("ready") != std::string::npos);
  CHECK(rows[1].find(" - ") != std::string::npos); // No latency was measured yet.
  CHECK(rows[2].find("awaiting_permit") != std::string::npos);
  CHECK(rows[2].find("1.5 ms") != std::string::npos);
  CHECK(rows[3].find("1 of 2 ready") != std::string::npos);
  CHECK(rows[3].find("120") != std::string::npos);
}

TEST_CASE("the rate is what came between two statuses", "[actors][unit]") {
  status_table table;
  table.update({2, {shard(0, phase::ready, 100), shard(1, phase::ready, 20)}}, start);
  CHECK(table.sum().events_per_second == 0);
  table.update({2, {shard(0, phase::ready, 300), shard(1, phase::ready, 40)}}, start + 2s);
  CHECK(table.sum().events_per_second == 110);
  CHECK(table.sum().events == 340);
  CHECK(table.line().find("110 events/s") != std::string::npos);
}

TEST_CASE("a shard that was started again counts from zero, not backwards", "[actors][unit]") {
  status_table table;
  table.update({2, {shard(0, phase::ready, 100'000)}}, start);
  table.update({2, {shard(0, phase::ready, 50)}}, start + 1s);
  CHECK(table.sum().events_per_second == 0);
}

} // namespace troupe
