// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/log/log.hpp"

#include "runtime/log/line_formatter.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>
#include <utility>

namespace troupe::log {

namespace {

constexpr std::array<std::pair<std::string_view, spdlog::level::level_enum>, 6> levels{{
  {"trace", spdlog::level::trace},
  {"debug", spdlog::level::debug},
  {"info", spdlog::level::info},
  {"warn", spdlog::level::warn},
  {"error", spdlog::level::err},
  {"off", spdlog::level::off},
}};

// Lives until the process ends, because detached threads may log until then.
const std::shared_ptr<secret_list>& secrets() {
  static const auto& list = *new std::shared_ptr<secret_list>{std::make_shared<secret_list>()};
  return list;
}

// One write per line: lines of several processes on one terminal stay whole.
class file_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit file_sink(std::FILE* out) : out_{out} {
    // nop
  }

private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::fwrite(line.data(), 1, line.size(), out_);
    std::fflush(out_);
  }

  void flush_() override {
    std::fflush(out_);
  }

  std::FILE* out_;
};

void install(spdlog::level::level_enum lowest, bool json, std::FILE* out) {
  auto sink = std::make_shared<file_sink>(out);
  auto logger = std::make_shared<spdlog::logger>("troupe", std::move(sink));
  logger->set_formatter(json ? make_json_formatter(secrets()) : make_text_formatter(secrets()));
  logger->set_level(lowest);
  spdlog::set_default_logger(std::move(logger));
}

bool installed = false;

spdlog::logger& logger() {
  // spdlog's own default writes to stdout, which belongs to the program.
  static std::once_flag once;
  std::call_once(once, [] {
    if (!installed)
      install(spdlog::level::info, false, stderr);
  });
  return *spdlog::default_logger_raw();
}

spdlog::level::level_enum to_spdlog(level how) {
  return levels[static_cast<std::size_t>(how)].second;
}

} // namespace

result<void> configure(std::string_view lowest, std::string_view format, std::FILE* out) {
  auto row = std::find_if(levels.begin(), levels.end(), [&](const auto& one) { return one.first == lowest; });
  if (row == levels.end())
    return troupe::error{errc::invalid_configuration, "there is no log level \"" + std::string{lowest} + "\""};
  if (format != "text" && format != "json")
    return troupe::error{errc::invalid_configuration, "there is no log format \"" + std::string{format} + "\""};
  installed = true;
  install(row->second, format == "json", out);
  return {};
}

void redact(const secret& token) {
  secrets()->add(token.reveal());
}

bool enabled(level how) noexcept {
  try {
    return logger().should_log(to_spdlog(how));
  } catch (const std::exception&) {
    return false;
  }
}

void write(level how, std::string_view message) noexcept {
  try {
    logger().log(to_spdlog(how), spdlog::string_view_t{message.data(), message.size()});
  } catch (const std::exception&) {
    // Without memory for a line there is nothing left to say.
  }
}

void write_formatted(level how, fmt::string_view format, fmt::format_args args) noexcept {
  try {
    write(how, fmt::vformat(format, args));
  } catch (const std::exception&) {
    write(level::error, "The log could not format a message.");
  }
}

} // namespace troupe::log
