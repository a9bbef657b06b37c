// SPDX-License-Identifier: BSD-3-Clause
// A bot's name in files and logs, from its token and without revealing it.
#include "runtime/store/identify_ledger.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace troupe::store {

namespace {

std::optional<std::uint32_t> base64_value(char c) {
  if (c >= 'A' && c <= 'Z')
    return static_cast<std::uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z')
    return static_cast<std::uint32_t>(c - 'a' + 26);
  if (c >= '0' && c <= '9')
    return static_cast<std::uint32_t>(c - '0' + 52);
  if (c == '+' || c == '-')
    return 62u;
  if (c == '/' || c == '_')
    return 63u;
  return std::nullopt;
}

std::optional<std::string> decode_base64(std::string_view text) {
  while (text.ends_with('='))
    text.remove_suffix(1);
  std::string bytes;
  std::uint32_t held = 0;
  int bits = 0;
  for (auto c : text) {
    auto value = base64_value(c);
    if (!value)
      return std::nullopt;
    held = (held << 6 | *value) & 0xffffu;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(held >> bits & 0xffu);
    }
  }
  return bytes;
}

// Discord's tokens begin with the bot's id, in base64 and followed by a dot. The id is public; the rest is not.
std::optional<std::string> id_of(std::string_view token) {
  constexpr std::size_t max_digits = 20;
  auto dot = token.find('.');
  if (dot == std::string_view::npos)
    return std::nullopt;
  auto id = decode_base64(token.substr(0, dot));
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!id || id->empty() || id->size() > max_digits || !std::all_of(id->begin(), id->end(), is_digit))
    return std::nullopt;
  return id;
}

std::string salted_hash(std::string_view token) {
  constexpr std::string_view salt = "troupe/identify-ledger/1:";
  constexpr std::size_t shown_bytes = 8;
  std::string text{salt};
  text += token;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  auto done = EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::fill(text.begin(), text.end(), '\0');
  // A constant is safer than an exception here: at worst bots without an id share one name, hence one queue.
  if (done != 1)
    return "unnamed";
  std::string hex;
  for (std::size_t i = 0; i < shown_bytes; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 0xf];
  }
  return hex;
}

} // namespace

std::string bot_name(std::string_view token) {
  if (auto id = id_of(token))
    return *std::move(id);
  return "bot-" + salted_hash(token);
}

} // namespace troupe::store
