// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/recording.hpp"

#include "runtime/codec/scan.hpp"
#include "runtime/simulator/traffic.hpp"
#include "runtime/simulator/world.hpp"

#include "actors/event_decoder.hpp"

#include "tests/bench/measuring.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace troupe::bench {

namespace {

constexpr std::size_t message_limit = 64u << 20;
constexpr std::int64_t ms_per_event = 10;
constexpr std::string_view hello = R"({"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}})";
constexpr std::string_view resumed = R"({"t":"RESUMED","s":2,"op":0,"d":{}})";

simulator::options many_guilds() {
  simulator::options opts;
  opts.guilds = 200;
  return opts;
}

std::string dispatch(std::string_view name, std::string_view sequence, std::string_view data) {
  std::string text = "{\"t\":\"";
  text.append(name).append("\",\"s\":").append(sequence).append(",\"op\":0,\"d\":").append(data).append("}");
  return text;
}

/// The name that about one event in ten has.
std::string find_tenth(const std::map<std::string, std::size_t>& counts, std::size_t events) {
  auto distance = [&](std::size_t count) {
    return std::abs(static_cast<double>(count) * 10 / static_cast<double>(events) - 1);
  };
  auto found = std::min_element(counts.begin(), counts.end(),
                                [&](const auto& a, const auto& b) { return distance(a.second) < distance(b.second); });
  return found == counts.end() ? std::string{} : found->first;
}

} // namespace

recording record(codec::compression how, std::size_t events) {
  auto opts = many_guilds();
  simulator::world world{opts};
  simulator::traffic traffic{opts, world};
  auto pack = codec::make_compressor(how);
  recording made;
  made.how = how;
  frame_batch batch;
  auto add = [&](std::string_view text) {
    batch.push_back(pack->pack(text));
    made.bytes += text.size();
    made.compressed += batch.back().bytes.size();
    if (batch.size() == batch_size)
      made.batches.push_back(std::make_shared<const frame_batch>(std::exchange(batch, {})));
  };
  add(hello);
  add(resumed);
  std::map<std::string, std::size_t> counts;
  auto now = opts.unix_start_ms;
  for (std::uint64_t sequence = 3; made.events < events; ++sequence, ++made.events) {
    auto happened = traffic.next(now += ms_per_event);
    ++counts[std::string{happened->type}];
    add(dispatch(happened->type, std::to_string(sequence), happened->data));
  }
  if (!batch.empty())
    made.batches.push_back(std::make_shared<const frame_batch>(std::move(batch)));
  for (const auto& [name, count] : counts)
    made.names.push_back(name);
  made.tenth = find_tenth(counts, made.events);
  return made;
}

batch_source play(const recording& from) {
  return [&from, next = std::size_t{0}]() mutable -> std::shared_ptr<const frame_batch> {
    return next < from.batches.size() ? from.batches[next++] : nullptr;
  };
}

double bare_loop(const recording& from, const std::vector<std::string>& names, bool raw) {
  auto inflate = codec::make_decompressor(from.how, message_limit);
  codec::scanner scan;
  std::uint64_t kept = 0;
  auto start = thread_cpu_seconds();
  for (const auto& batch : from.batches) {
    for (const auto& one : *batch) {
      auto found = scan.scan(inflate->feed(one).value()).value();
      if (std::find(names.begin(), names.end(), found.t) == names.end())
        continue;
      if (raw)
        kept += std::make_shared<const std::string>(found.d)->size();
      else
        kept += find_event_decoder(found.t)(found.d).value().size();
    }
  }
  auto used = thread_cpu_seconds() - start;
  return kept == ~0ull ? 0 : used; // Nothing of it may be optimised away.
}

// -- without an end -----------------------------------------------------------------------------------------

namespace {

// Numbers of a fixed width are written over in their place; JSON has blanks, but no zeros, before a number.
constexpr std::string_view sequence_blanks = "            ";
constexpr std::size_t id_digits = 19;

void write_right(char* end, std::size_t width, std::uint64_t value) {
  char digits[24];
  auto length = static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, value).ptr - digits);
  std::fill(end - width, end - length, ' ');
  std::copy(digits, digits + length, end - length);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

} // namespace

endless_recording::pattern endless_recording::pattern_of(std::string_view name, std::string_view data,
                                                         std::uint64_t oldest_new_id) {
  pattern made{dispatch(name, sequence_blanks, data), {}};
  const auto& text = made.text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i]))
      continue;
    auto end = i;
    while (end < text.size() && is_digit(text[end]))
      ++end;
    std::uint64_t value = 0;
    if (end - i == id_digits && text[i - 1] == '"' && text[end] == '"') {
      std::from_chars(text.data() + i, text.data() + end, value);
      if (value >= oldest_new_id)
        made.ids.push_back(i);
    }
    i = end;
  }
  return made;
}

endless_recording::endless_recording(std::size_t period) {
  auto opts = many_guilds();
  simulator::world world{opts};
  simulator::traffic traffic{opts, world};
  std::set<std::string> names{"GUILD_CREATE"};
  for (std::uint32_t guild = 0; guild < world.guild_count(); ++guild)
    guilds_.push_back(
      pattern_of("GUILD_CREATE", world.guild_create(guild, simulator::guild_view::everything()), ~0ull));
  auto now = opts.unix_start_ms;
  // Nothing that was there at the start has an id of that time or later.
  auto first_id = traffic.make_id(now).value;
  for (std::size_t i = 0; i < period; ++i) {
    auto happened = traffic.next(now += ms_per_event);
    names.insert(std::string{happened->type});
    period_.push_back(pattern_of(happened->type, happened->data, first_id));
  }
  ids_per_period_ = traffic.make_id(now + ms_per_event).value - first_id;
  names_.assign(names.begin(), names.end());
}

frame endless_recording::make(const pattern& from, std::uint64_t later) {
  frame made{from.text, false};
  auto* text = made.bytes.data();
  auto sequence_end = from.text.find(sequence_blanks) + sequence_blanks.size();
  write_right(text + sequence_end, sequence_blanks.size(), ++sequence_);
  if (later > 0) {
    for (auto place : from.ids) {
      std::uint64_t id = 0;
      std::from_chars(text + place, text + place + id_digits, id);
      write_right(text + place + id_digits, id_digits, id + later);
    }
  }
  return made;
}

std::shared_ptr<const frame_batch> endless_recording::next(std::uint64_t end) {
  if (events() >= end)
    return nullptr;
  auto batch = std::make_shared<frame_batch>();
  batch->reserve(batch_size + 2);
  if (events() == 0) {
    batch->push_back({std::string{hello}, false});
    batch->push_back({std::string{resumed}, false});
  }
  for (std::size_t i = 0; i < batch_size && events() < end; ++i) {
    if (auto done = events(); done < guilds_.size()) {
      batch->push_back(make(guilds_[done], 0));
    } else {
      auto place = done - guilds_.size();
      batch->push_back(make(period_[place % period_.size()], place / period_.size() * ids_per_period_));
    }
  }
  return batch;
}

} // namespace troupe::bench
