// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/log/line_formatter.hpp"

#include <spdlog/details/log_msg.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <utility>

namespace troupe::log {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

std::string_view level_name(spdlog::level::level_enum level) {
  constexpr std::array<std::string_view, 6> names{"trace", "debug", "info", "warn", "error", "error"};
  auto index = static_cast<std::size_t>(level);
  return index < names.size() ? names[index] : names.back();
}

/// "2026-01-31", `between`, "12:00:00.123".
std::string timestamp(spdlog::log_clock::time_point when, char between) {
  using namespace std::chrono;
  auto ms = floor<milliseconds>(when);
  auto seconds = floor<std::chrono::seconds>(ms);
  auto time = system_clock::to_time_t(time_point_cast<system_clock::duration>(seconds));
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d%c%02d:%02d:%02d.%03d", utc.tm_year + 1900, utc.tm_mon + 1,
                utc.tm_mday, between, utc.tm_hour, utc.tm_min, utc.tm_sec, static_cast<int>((ms - seconds).count()));
  return text.data();
}

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

/// The length of the well-formed UTF-8 sequence at the front; 0 where there is none (RFC 3629).
std::size_t sequence_length(std::string_view text) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  auto in = [&](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  auto lead = byte(0);
  if (lead < 0x80)
    return 1;
  if (lead >= 0xc2 && lead <= 0xdf)
    return in(1, 0x80, 0xbf) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    auto second = in(1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf);
    return second && in(2, 0x80, 0xbf) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    auto second = in(1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf);
    return second && in(2, 0x80, 0xbf) && in(3, 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

void append_escape(std::string& to, unsigned char c, std::string_view numeric) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (c == '\n')
    to += "\\n";
  else if (c == '\r')
    to += "\\r";
  else if (c == '\t')
    to += "\\t";
  else
    to.append(numeric).append({digits[c >> 4], digits[c & 0xf]});
}

std::string escaped_text(std::string_view message) {
  std::string line;
  for (unsigned char c : message)
    if (is_control(c))
      append_escape(line, c, "\\x");
    else
      line += static_cast<char>(c);
  return line;
}

std::string escaped_json(std::string_view message) {
  std::string line;
  while (!message.empty()) {
    auto c = static_cast<unsigned char>(message.front());
    auto length = sequence_length(message);
    if (c == '"' || c == '\\')
      line.append({'\\', static_cast<char>(c)});
    else if (is_control(c))
      append_escape(line, c, "\\u00");
    else
      line += length == 0 ? replacement : message.substr(0, length);
    message.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return line;
}

class line_formatter final : public spdlog::formatter {
public:
  line_formatter(std::shared_ptr<const secret_list> secrets, bool json) : secrets_{std::move(secrets)}, json_{json} {
    // nop
  }

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& to) override {
    auto clean = secrets_->without_secrets({message.payload.data(), message.payload.size()});
    auto level = level_name(message.level);
    std::string line;
    if (json_) {
      line.append("{\"time\":\"").append(timestamp(message.time, 'T')).append("Z\",\"level\":\"").append(level);
      line.append("\",\"message\":\"").append(escaped_json(clean)).append("\"}\n");
    } else {
      line.append(timestamp(message.time, ' ')).append(" ").append(level).append(6 - level.size(), ' ');
      line.append(escaped_text(clean)).append("\n");
    }
    to.append(line.data(), line.data() + line.size());
  }

  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<line_formatter>(secrets_, json_);
  }

private:
  std::shared_ptr<const secret_list> secrets_;
  bool json_;
};

} // namespace

void secret_list::add(std::string text) {
  constexpr std::size_t shortest = 4;
  std::lock_guard guard{mutex_};
  if (text.size() < shortest || std::find(texts_.begin(), texts_.end(), text) != texts_.end())
    return;
  texts_.push_back(std::move(text));
  std::stable_sort(texts_.begin(), texts_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string secret_list::without_secrets(std::string_view text) const {
  constexpr std::string_view shown = "[token]";
  std::lock_guard guard{mutex_};
  std::string clean{text};
  for (const auto& secret : texts_)
    for (auto at = clean.find(secret); at != std::string::npos; at = clean.find(secret, at + shown.size()))
      clean.replace(at, secret.size(), shown);
  return clean;
}

std::unique_ptr<spdlog::formatter> make_text_formatter(std::shared_ptr<const secret_list> secrets) {
  return std::make_unique<line_formatter>(std::move(secrets), false);
}

std::unique_ptr<spdlog::formatter> make_json_formatter(std::shared_ptr<const secret_list> secrets) {
  return std::make_unique<line_formatter>(std::move(secrets), true);
}

} // namespace troupe::log
