// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/codec/compression.hpp"

#include "tests/catch.hpp"

#include <algorithm>

using namespace troupe;
using namespace troupe::codec;

namespace {

constexpr std::size_t limit = 1u << 20;

// "hello" as JSON-like text of a given size.
std::string text_of(std::size_t size, unsigned seed = 1) {
  std::string text = "{\"op\":0,\"d\":\"";
  while (text.size() + 2 < size) {
    seed = seed * 1103515245 + 12345;
    text += static_cast<char>('a' + (seed >> 16) % 26);
  }
  return text + "\"}";
}

bool is_padded(std::string_view text) {
  return std::all_of(text.data() + text.size(), text.data() + text.size() + padding, [](char c) { return c == 0; });
}

const auto all_transports = {compression::none, compression::zlib_stream, compression::zstd_stream};

} // namespace

TEST_CASE("transports are known by Discord's names", "[codec][unit]") {
  for (auto how : all_transports)
    CHECK(parse_compression(to_string(how)) == how);
  CHECK_FALSE(parse_compression("gzip"));
  CHECK_FALSE(parse_compression(""));
}

TEST_CASE("every message comes out as it went in, with padding behind it", "[codec][unit]") {
  for (auto how : all_transports) {
    INFO(to_string(how));
    auto out = make_decompressor(how, limit);
    auto in = make_compressor(how);
    for (std::size_t size : {16u, 700u, 20'000u, 900'000u, 16u, 64u, 16'384u, 16'383u, 32'768u, 700u}) {
      auto text = text_of(size, static_cast<unsigned>(size));
      auto got = out->feed(in->pack(text));
      REQUIRE(got.has_value());
      CHECK(*got == text);
      CHECK(is_padded(*got));
      CHECK(out->pending() == 0);
    }
  }
}

TEST_CASE("a zlib message may be split over frames at any byte", "[codec][unit]") {
  auto text = text_of(300);
  auto whole = make_compressor(compression::zlib_stream)->pack(text);
  for (std::size_t cut = 1; cut < whole.bytes.size(); ++cut) {
    auto out = make_decompressor(compression::zlib_stream, limit);
    auto first = out->feed({whole.bytes.substr(0, cut), true});
    REQUIRE(first.has_value());
    REQUIRE(first->empty());
    REQUIRE(out->pending() == cut);
    auto second = out->feed({whole.bytes.substr(cut), true});
    REQUIRE(second.has_value());
    REQUIRE(*second == text);
    REQUIRE(out->pending() == 0);
  }
}

TEST_CASE("a zlib message without its suffix stays pending", "[codec][unit]") {
  auto out = make_decompressor(compression::zlib_stream, limit);
  auto whole = make_compressor(compression::zlib_stream)->pack(text_of(300));
  whole.bytes.resize(whole.bytes.size() - 4);
  CHECK(out->feed(whole)->empty());
  CHECK(out->pending() == whole.bytes.size());
}

TEST_CASE("a bomb is refused at the limit", "[codec][unit]") {
  std::string zeros(64 * limit, '0');
  for (auto how : all_transports) {
    INFO(to_string(how));
    auto out = make_decompressor(how, limit);
    auto got = out->feed(make_compressor(how)->pack(zeros));
    REQUIRE(got.has_error());
    CHECK(got.error().code == errc::message_too_large);
  }
}

TEST_CASE("a message of exactly the limit passes, one more byte does not", "[codec][unit]") {
  for (auto how : all_transports) {
    INFO(to_string(how));
    CHECK(make_decompressor(how, 5000)->feed(make_compressor(how)->pack(text_of(5000))).has_value());
    CHECK(make_decompressor(how, 4999)->feed(make_compressor(how)->pack(text_of(5000))).has_error());
  }
}

TEST_CASE("a damaged stream ends in an error and stays there", "[codec][unit]") {
  for (auto how : {compression::zlib_stream, compression::zstd_stream}) {
    INFO(to_string(how));
    auto good = make_compressor(how)->pack(text_of(2000));
    auto found = 0;
    for (std::size_t at = 0; at < good.bytes.size(); ++at) {
      auto bad = good;
      bad.bytes[at] = static_cast<char>(bad.bytes[at] ^ 0x55);
      auto out = make_decompressor(how, limit);
      auto got = out->feed(bad);
      if (got.has_value())
        continue; // Neither transport has a checksum for each message: other text may come out.
      ++found;
      REQUIRE((got.error().code == errc::corrupt_stream || got.error().code == errc::message_too_large));
      REQUIRE(out->feed(good).has_error());
    }
    CHECK(found > 0);
  }
}

TEST_CASE("a damaged message that swallows what follows is noticed with the message", "[codec][unit]") {
  SECTION("zstd: a block that announces more than came") {
    auto out = make_decompressor(compression::zstd_stream, limit);
    auto in = make_compressor(compression::zstd_stream);
    REQUIRE(out->feed(in->pack(text_of(100))).has_value());
    auto cut = in->pack(text_of(3000, 7));
    cut.bytes.resize(cut.bytes.size() - 10);
    auto got = out->feed(cut);
    REQUIRE(got.has_error());
    CHECK(got.error().code == errc::corrupt_stream);
  }
  SECTION("zlib: a stored block that announces more than came") {
    auto out = make_decompressor(compression::zlib_stream, limit);
    auto in = make_compressor(compression::zlib_stream);
    REQUIRE(out->feed(in->pack(text_of(100))).has_value());
    // Not the last block, stored, 1000 bytes: of which four come, and look like a flush.
    auto got = out->feed({std::string{"\x00\xe8\x03\x17\xfc\x00\x00\xff\xff", 9}, true});
    REQUIRE(got.has_error());
    CHECK(got.error().code == errc::corrupt_stream);
  }
}

TEST_CASE("a zstd frame with a window above 8 MiB is refused", "[codec][unit]") {
  // A frame's head: magic number, no flags, the window as an exponent above 10 (RFC 8878, 3.1.1.1.2).
  auto with_window = [](int log) {
    std::string head{"\x28\xb5\x2f\xfd\x00", 5};
    head += static_cast<char>((log - 10) << 3);
    return frame{head + std::string{"\x08\x00\x00{", 4}, true}; // A raw block of one byte.
  };
  for (auto log : {18, 23})
    CHECK(make_decompressor(compression::zstd_stream, limit)->feed(with_window(log)).value() == "{");
  for (auto log : {24, 27, 31}) {
    INFO(log);
    auto got = make_decompressor(compression::zstd_stream, limit)->feed(with_window(log));
    REQUIRE(got.has_error());
    CHECK(got.error().code == errc::corrupt_stream);
  }
}

TEST_CASE("the wrong kind of frame is an error", "[codec][unit]") {
  CHECK(make_decompressor(compression::none, limit)->feed({"{}", true}).error().code == errc::corrupt_stream);
  for (auto how : {compression::zlib_stream, compression::zstd_stream})
    CHECK(make_decompressor(how, limit)->feed({"{}", false}).error().code == errc::corrupt_stream);
}

TEST_CASE("an empty frame is no message", "[codec][unit]") {
  for (auto how : all_transports) {
    INFO(to_string(how));
    auto got = make_decompressor(how, limit)->feed({"", how != compression::none});
    REQUIRE(got.has_value());
    CHECK(got->empty());
  }
}

TEST_CASE("a stream that failed refuses even a good message", "[codec][unit]") {
  for (auto how : all_transports) {
    INFO(to_string(how));
    auto out = make_decompressor(how, limit);
    CHECK(out->feed({"x", how == compression::none}).has_error());
    for (auto i = 0; i < 2; ++i)
      CHECK(out->feed(make_compressor(how)->pack("{}")).error().code == errc::corrupt_stream);
  }
}

TEST_CASE("a message of 5 MB passes, and small ones after it", "[codec][unit]") {
  for (auto how : all_transports) {
    INFO(to_string(how));
    auto out = make_decompressor(how, 8u << 20);
    auto in = make_compressor(how);
    auto big = text_of(5'000'000);
    CHECK(out->feed(in->pack(big)).value() == big);
    for (auto i = 0; i < 600; ++i) {
      auto got = out->feed(in->pack("{\"op\":11}"));
      REQUIRE(got.has_value());
      REQUIRE(*got == "{\"op\":11}");
      REQUIRE(is_padded(*got));
    }
    CHECK(out->feed(in->pack(big)).value() == big);
  }
}

TEST_CASE("a zlib message may come byte by byte", "[codec][unit]") {
  auto out = make_decompressor(compression::zlib_stream, limit);
  auto in = make_compressor(compression::zlib_stream);
  for (auto text : {text_of(300), text_of(20)}) {
    auto whole = in->pack(text).bytes;
    std::string got;
    for (auto byte : whole) {
      auto part = out->feed({std::string(1, byte), true});
      REQUIRE(part.has_value());
      got += *part;
    }
    CHECK(got == text);
    CHECK(out->pending() == 0);
  }
}

TEST_CASE("an unlimited decompressor works as any other", "[codec][unit]") {
  for (auto how : all_transports)
    CHECK(make_decompressor(how, static_cast<std::size_t>(-1))->feed(make_compressor(how)->pack("{}")).value() == "{}");
}
