// SPDX-License-Identifier: BSD-3-Clause
#include "messages/timestamp.hpp"

#include <chrono>
#include <cstddef>
#include <cstdio>

namespace troupe {

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;
// The first moments of the years 0 and 10000: what lies between has a text that can be read again.
constexpr std::int64_t earliest = -719'528 * day;
constexpr std::int64_t too_late = 2'932'897 * day;

/// Takes digits and separators off the front of a text.
class cutter {
public:
  explicit cutter(std::string_view text) : rest_{text} {
    // nop
  }

  /// Exactly so many digits.
  std::int64_t number(std::size_t digits) noexcept {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
        failed_ = true;
        return 0;
      }
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  /// A number of so many digits that is at most `most`.
  std::int64_t number(std::size_t digits, std::int64_t most) noexcept {
    auto value = number(digits);
    failed_ = failed_ || value > most;
    return value;
  }

  bool skip(char c) noexcept {
    if (rest_.empty() || rest_.front() != c)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  void demand(char c) noexcept {
    failed_ = !skip(c) || failed_;
  }

  /// Digits of the second, as many as there are; in microseconds.
  std::int64_t fraction() noexcept {
    std::int64_t value = 0;
    auto unit = second;
    auto any = false;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1)) {
      unit /= 10;
      value += unit * (rest_.front() - '0');
      any = true;
    }
    failed_ = failed_ || !any;
    return value;
  }

  [[nodiscard]] bool done() const noexcept {
    return !failed_ && rest_.empty();
  }

private:
  std::string_view rest_;
  bool failed_ = false;
};

} // namespace

std::optional<timestamp> timestamp::parse(std::string_view text) noexcept {
  namespace chrono = std::chrono;
  cutter from{text};
  chrono::year year{static_cast<int>(from.number(4))};
  from.demand('-');
  chrono::month month{static_cast<unsigned>(from.number(2))};
  from.demand('-');
  chrono::year_month_day date{year, month, chrono::day{static_cast<unsigned>(from.number(2))}};
  if (!from.skip('T') && !from.skip('t'))
    from.demand(' ');
  auto hours = from.number(2, 23);
  from.demand(':');
  auto minutes = from.number(2, 59);
  from.demand(':');
  // A leap second counts as the first of the next minute.
  auto seconds = from.number(2, 60);
  auto fraction = from.skip('.') ? from.fraction() : 0;
  std::int64_t offset = 0;
  if (!from.skip('Z') && !from.skip('z')) {
    auto sign = from.skip('-') ? -1 : 1;
    if (sign == 1)
      from.demand('+');
    offset = from.number(2, 23) * 60;
    from.skip(':');
    offset = sign * (offset + from.number(2, 59));
  }
  if (!from.done() || !date.ok())
    return std::nullopt;
  auto days = chrono::sys_days{date}.time_since_epoch().count();
  timestamp when{days * day + ((hours * 60 + minutes - offset) * 60 + seconds) * second + fraction};
  if (when.unix_us < earliest || when.unix_us >= too_late)
    return std::nullopt;
  return when;
}

std::string to_string(timestamp when) {
  namespace chrono = std::chrono;
  auto days = when.unix_us / day;
  auto in_day = when.unix_us % day;
  if (in_day < 0) {
    in_day += day;
    --days;
  }
  chrono::year_month_day date{chrono::sys_days{chrono::days{days}}};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06d+00:00", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(in_day / (3600 * second)), static_cast<int>(in_day / (60 * second) % 60),
                static_cast<int>(in_day / second % 60), static_cast<int>(in_day % second));
  return text;
}

} // namespace troupe
