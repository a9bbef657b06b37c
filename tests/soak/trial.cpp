// SPDX-License-Identifier: BSD-3-Clause
#include "tests/soak/trial.hpp"

#include <simdjson.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <stdexcept>

using namespace std::chrono_literals;

namespace troupe::soak {

trial::trial(std::vector<std::string> discord, std::vector<std::string> bot)
  : discord_{std::move(discord)}, state_{discord_.bot_environment().at("TROUPE_STATE_DIR")},
    record_file_{state_ + "-record.txt"}, arguments_{std::move(bot)} {
  for (auto& argument : arguments_)
    if (argument == "RECORD")
      argument = record_file_;
}

void trial::start() {
  std::vector<std::string> command{"soak_recorder", "--start", std::to_string(++starts_), "--intents", "all"};
  command.insert(command.end(), arguments_.begin(), arguments_.end());
  bot_ = test::start_bot(discord_, std::move(command));
}

void trial::kill() {
  bot_->signal(SIGKILL);
  bot_->wait_exit(10s);
}

bool trial::stop() {
  bot_->signal(SIGTERM);
  auto left = bot_->wait_exit(30s) == 0;
  if (!left)
    std::cerr << "the bot did not leave: " << bot_->errors() << '\n';
  return left;
}

bool trial::ends_within(std::chrono::milliseconds time) {
  return bot_->wait_exit(time).has_value();
}

bool trial::alive() {
  if (auto code = bot_->wait_exit(0ms))
    throw std::runtime_error{"the bot ended by itself with " + std::to_string(*code) + ": " + bot_->errors()};
  return true;
}

void trial::require(const std::function<bool()>& holds, const std::string& what, std::chrono::milliseconds time) {
  if (!test::wait_until([&] { return alive() && holds(); }, time))
    throw std::runtime_error{"not in time: " + what + "; the bot says: " + bot_->errors()};
}

verdict trial::judge(sessions expected) {
  fetch_sent();
  written_ = read_record(testing::read_file(record_file_));
  return compare(sent_, written_.lines, expected);
}

void trial::fetch_sent() {
  simdjson::dom::parser parser;
  while (true) {
    auto page = parser.parse(discord_.dispatches(sent_.size()));
    auto before = sent_.size();
    for (auto one : page["dispatches"].get_array())
      sent_.push_back({static_cast<std::uint32_t>(one["shard"].get_uint64().value()), one["s"].get_uint64().value(),
                       std::string{one["t"].get_string().value()}, std::string{one["session"].get_string().value()}});
    if (sent_.size() == before)
      return;
  }
}

std::int64_t trial::counter(const std::string& name) {
  return discord_.summary().counters[name];
}

report& report::add(const std::string& name, std::int64_t value) {
  text_ += ",\"" + name + "\":" + std::to_string(value);
  return *this;
}

report& report::add(const verdict& found) {
  for (const auto& finding : found.findings)
    std::cerr << finding << '\n';
  for (auto [name, count] : {std::pair{"lost", found.lost},
                             {"gone", found.gone},
                             {"duplicates", found.duplicates},
                             {"unmarked", found.unmarked},
                             {"out_of_order", found.out_of_order},
                             {"unknown", found.unknown}})
    add(name, static_cast<std::int64_t>(count));
  return expect(found.holds(), "the record is not what was sent");
}

report& report::expect(bool holds, const std::string& sentence) {
  if (!holds)
    std::cerr << sentence << '\n';
  holds_ = holds_ && holds;
  return *this;
}

report& report::expect_no_breach(test::local_discord& discord) {
  auto summary = discord.summary();
  for (const auto& breach : summary.breaches)
    std::cerr << "breach: " << breach << '\n';
  for (const auto* name : {"identifies", "resumes"})
    add(name, summary.counters[name]);
  add("breaches", static_cast<std::int64_t>(summary.breaches.size()));
  return expect(summary.breaches.empty(), "a rule of Discord was broken");
}

int report::print() {
  auto seconds = std::chrono::duration<double>{std::chrono::steady_clock::now() - begun_}.count();
  std::printf("%s,\"seconds\":%.1f,\"holds\":%s}\n", text_.c_str(), seconds, holds_ ? "true" : "false");
  std::fflush(stdout);
  return holds_ ? 0 : 1;
}

} // namespace troupe::soak
