// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/comparison.hpp"
#include "tests/bench/measuring.hpp"
#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::bench;

namespace {

std::vector<compared> compare_texts(std::string_view then, std::string_view now) {
  return compare(read_results(then).value(), read_results(now).value());
}

} // namespace

TEST_CASE("a field's name says whether it is judged", "[bench][unit]") {
  for (const auto* name : {"ratio", "ratio_to_one_subscriber", "heap_bytes_per_member", "resident_kib_per_shard"})
    CHECK(kind_of(name) == field_kind::measure);
  CHECK(kind_of("instructions_per_event") == field_kind::count);
  for (const auto* name : {"bare_us", "cpu_seconds", "lookups_per_second", "resident_kib", "heap_bytes"})
    CHECK(kind_of(name) == field_kind::orientation);
  for (const auto* name : {"bench", "transport", "subscribers", "events", "shards"})
    CHECK(kind_of(name) == field_kind::key);
}

TEST_CASE("a line is known by its key, whatever it measured", "[bench][unit]") {
  auto lines = read_results("{\"bench\":\"b\",\"shards\":100,\"cpu_us\":3.5,\"ratio\":1.5}\n\n"
                            "{\"bench\":\"c\",\"ratio\":2,\"kib_per_shard\":3}\n")
                 .value();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].key == "bench=b shards=100");
  CHECK(lines[0].values == std::vector<std::pair<std::string, double>>{{"ratio", 1.5}});
  CHECK(lines[1].values.size() == 2);
}

TEST_CASE("what is no result is refused, with its line", "[bench][unit]") {
  for (const auto* bad : {"text", "[1]", "{\"bench\":[1]}", "{\"ratio\":\"1\"}", "{\"ratio\":1"}) {
    auto lines = read_results("{\"bench\":\"b\"}\n" + std::string{bad} + "\n");
    REQUIRE(!lines);
    CHECK(lines.error().detail.find("line 2") != std::string::npos);
  }
}

TEST_CASE("a ratio is worse from 15 % more on, a count of instructions from 2 %", "[bench][unit]") {
  auto judged = [](const std::string& field, const std::string& now) {
    return compare_texts("{\"" + field + "\":100}", "{\"" + field + "\":" + now + "}").front().verdict;
  };
  CHECK(judged("ratio", "114") == verdict::as_before);
  CHECK(judged("ratio", "116") == verdict::worse);
  CHECK(judged("ratio", "88") == verdict::as_before);
  CHECK(judged("ratio", "86") == verdict::better);
  CHECK(judged("instructions_per_event", "101.9") == verdict::as_before);
  CHECK(judged("instructions_per_event", "102.1") == verdict::worse);
  CHECK(judged("instructions_per_event", "97") == verdict::better);
}

TEST_CASE("times are not compared", "[bench][unit]") {
  CHECK(compare_texts(R"({"bench":"b","cpu_us":1})", R"({"bench":"b","cpu_us":9})").empty());
}

TEST_CASE("what was measured only once is said, and is not worse", "[bench][unit]") {
  auto all = compare_texts(R"({"bench":"old","ratio":1})", R"({"bench":"new","ratio":2})");
  REQUIRE(all.size() == 2);
  CHECK(all[0].verdict == verdict::added);
  CHECK(to_text(all[0]) == "new: bench=new: ratio 2");
  CHECK(all[1].verdict == verdict::removed);
  CHECK(to_text(all[1]) == "gone: bench=old: ratio, was 1");
}

TEST_CASE("of lines with the same key the last one counts", "[bench][unit]") {
  auto all = compare_texts("{\"ratio\":9}\n{\"ratio\":2}", "{\"ratio\":9}\n{\"ratio\":3}");
  REQUIRE(all.size() == 1);
  CHECK(to_text(all[0]) == "WORSE: : ratio 3, was 2, x 1.500");
}

TEST_CASE("what the benchmarks print can be compared", "[bench][unit]") {
  auto line = json_line{"b"}.with("transport", "none").with("shards", std::uint64_t{3}).with("ratio", 1.5, 2).text();
  auto read = read_results(line).value();
  REQUIRE(read.size() == 1);
  CHECK(read[0].key == "bench=b transport=none shards=3");
  CHECK(read[0].values.front().second == 1.5);
}
