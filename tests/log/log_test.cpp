// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/log/line_formatter.hpp"
#include "runtime/log/log.hpp"

#include "tests/catch.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/spdlog.h>

#include <string>

using namespace troupe;

namespace {

/// A file for the log that vanishes with the test.
class log_file {
public:
  log_file() : file_{std::tmpfile()} {
    REQUIRE(file_ != nullptr);
  }
  log_file(const log_file&) = delete;
  log_file& operator=(const log_file&) = delete;
  ~log_file() {
    static_cast<void>(log::configure("info", "text", stderr));
    std::fclose(file_);
  }

  void configure(std::string_view level, std::string_view format) {
    REQUIRE(log::configure(level, format, file_).has_value());
  }

  [[nodiscard]] std::string content() const {
    std::rewind(file_);
    std::string text(10'000, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file_));
    return text;
  }

private:
  std::FILE* file_;
};

std::string formatted(bool json, std::string_view message, const std::vector<std::string>& hidden = {}) {
  auto secrets = std::make_shared<log::secret_list>();
  for (const auto& text : hidden)
    secrets->add(text);
  auto formatter = json ? log::make_json_formatter(secrets) : log::make_text_formatter(secrets);
  spdlog::log_clock::time_point when{std::chrono::milliseconds{1'769'860'800'007}};
  spdlog::details::log_msg line{when, spdlog::source_loc{}, "", spdlog::level::warn,
                                spdlog::string_view_t{message.data(), message.size()}};
  spdlog::memory_buf_t buffer;
  formatter->format(line, buffer);
  return {buffer.data(), buffer.size()};
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

} // namespace

TEST_CASE("a text line has the time in UTC, the level and the sentence", "[log][unit]") {
  CHECK(formatted(false, "Shard 3 lost its connection.")
        == "2026-01-31 12:00:00.007 warn  Shard 3 lost its connection.\n");
}

TEST_CASE("a JSON line has the same as fields", "[log][unit]") {
  CHECK(formatted(true, "Shard 3 lost its connection.")
        == "{\"time\":\"2026-01-31T12:00:00.007Z\",\"level\":\"warn\",\"message\":\"Shard 3 lost its connection.\"}\n");
}

TEST_CASE("no message breaks its line", "[log][unit]") {
  struct row {
    std::string message;
    std::string text;
    std::string json;
  };
  auto one = GENERATE(values<row>({
    {"a\nb\r\tc", R"(a\nb\r\tc)", R"(a\nb\r\tc)"},
    {"\x1b[31m", R"(\x1b[31m)", R"(\u001b[31m)"},
    {std::string{"a\0b", 3}, R"(a\x00b)", R"(a\u0000b)"},
    {"\x7f", R"(\x7f)", R"(\u007f)"},
    {R"("\)", R"("\)", R"(\"\\)"},
    {"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80",
     "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"},
    {"\xff|\xc3|\xe2\x82|\xed\xa0\x80", "\xff|\xc3|\xe2\x82|\xed\xa0\x80",
     "\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
  }));
  INFO(one.message);
  CHECK(formatted(false, one.message) == "2026-01-31 12:00:00.007 warn  " + one.text + "\n");
  CHECK(formatted(true, one.message)
        == R"({"time":"2026-01-31T12:00:00.007Z","level":"warn","message":")" + one.json + "\"}\n");
}

TEST_CASE("a secret is taken out of every line, wherever it stands", "[log][unit]") {
  const std::string token = "MTIz.Gab\"c\\d\x01.secret";
  auto json = GENERATE(false, true);
  auto line = formatted(json, token + " and Bot " + token + token, {"MTIz", token, "Gab"});
  CHECK(count_of(line, "[token]") == 3);
  CHECK(line.find("secret") == std::string::npos);
  CHECK(line.find("MTIz") == std::string::npos);
}

TEST_CASE("a text too short for a secret is left alone", "[log][unit]") {
  CHECK(formatted(false, "a bot", {"", "a", "bot"}).ends_with("a bot\n"));
}

TEST_CASE("the log writes lines of its level and above", "[log][unit]") {
  log_file file;
  file.configure("warn", "text");
  log::info("The bot says {}.", 1);
  log::warn("The bot says {}.", 2);
  log::error("The bot says {} and {}.", 3, "four");
  auto text = file.content();
  CHECK(count_of(text, "\n") == 2);
  CHECK(text.find("warn  The bot says 2.\n") != std::string::npos);
  CHECK(text.find("error The bot says 3 and four.\n") != std::string::npos);
  CHECK_FALSE(log::enabled(log::level::info));
  CHECK(log::enabled(log::level::error));
}

TEST_CASE("a log that is off writes nothing", "[log][unit]") {
  log_file file;
  file.configure("off", "json");
  log::error("The bot failed.");
  CHECK(file.content().empty());
}

TEST_CASE("a registered token appears in no line, ours or through spdlog", "[log][unit]") {
  log_file file;
  auto format = GENERATE("text", "json");
  file.configure("trace", format);
  log::redact(secret{"token-of-the-log-test"});
  log::trace("REST sent Authorization: Bot {}.", "token-of-the-log-test");
  spdlog::info("The user's code logs {}.", "token-of-the-log-test");
  auto text = file.content();
  CHECK(count_of(text, "[token]") == 2);
  CHECK(count_of(text, "token-of-the-log-test") == 0);
}

TEST_CASE("unknown levels and formats are refused", "[log][unit]") {
  CHECK(log::configure("loud", "text").error().code == errc::invalid_configuration);
  CHECK(log::configure("info", "xml").error().code == errc::invalid_configuration);
}
