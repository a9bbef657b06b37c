// SPDX-License-Identifier: BSD-3-Clause
// A model with virtual time, and clients that speak to it: what every test of the model needs.
#pragma once

#include "runtime/codec/compression.hpp"
#include "runtime/simulator/model.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::test {

using namespace std::chrono_literals;

/// One payload that a client got.
struct payload {
  std::uint64_t op = 0;
  std::uint64_t s = 0;
  std::string t;
  /// `d`, minified.
  std::string d;
  /// The whole text.
  std::string text;
};

/// What a client saw of one connection.
struct client_view {
  std::vector<payload> got;
  std::vector<std::string> raw_frames;
  std::unique_ptr<codec::decompressor> unpacker;
  /// Frames that were compressed by themselves, as IDENTIFY asked for.
  std::size_t compressed_alone = 0;
  bool plain = false;
  bool stream_broken = false;
  bool partial = false;
  bool dropped = false;
  std::optional<std::uint16_t> close_code;

  [[nodiscard]] std::vector<payload> named(const std::string& t) const;
  [[nodiscard]] const payload* last_op(std::uint64_t op) const;
};

/// The value at a JSON pointer of `text`, minified; "" where there is none.
[[nodiscard]] std::string at(const std::string& text, const std::string& pointer);

/// The fixture.
class model_client {
public:
  model_client() : model_client{quiet(4)} {
    // nop
  }
  explicit model_client(simulator::options opts);

  /// Options without traffic and with `guilds` guilds.
  [[nodiscard]] static simulator::options quiet(std::uint32_t guilds = 4);

  /// Opens a connection; HELLO is in its view.
  simulator::connection_id open(const std::string& query = "?v=10&encoding=json",
                                simulator::host_kind host = simulator::host_kind::main);
  void send(simulator::connection_id to, const std::string& text);
  /// IDENTIFY of one shard; `more` goes into `d`.
  void identify(simulator::connection_id to, std::uint32_t index = 0, std::uint32_t count = 1,
                std::uint64_t intents = 53'575'421, const std::string& token = "local-discord-token");
  void resume(simulator::connection_id to, const std::string& session, std::uint64_t seq);
  void beat(simulator::connection_id to);
  void close(simulator::connection_id which, std::uint16_t code);
  void inject(const std::string& fault);
  /// Lets time pass, from one due moment to the next.
  void advance(std::chrono::milliseconds time);
  /// Opens, identifies, waits for the guilds.
  simulator::connection_id ready(std::uint32_t index = 0, std::uint32_t count = 1, std::uint64_t intents = 53'575'421);
  [[nodiscard]] std::string session_of(simulator::connection_id which);
  [[nodiscard]] bool has_breach(const std::string& rule) const;
  simulator::http_reply request(const std::string& method, const std::string& target, const std::string& body = {});

  simulator::clock::time_point now = simulator::clock::time_point{} + 1h;
  simulator::model model;
  std::map<simulator::connection_id, client_view> views;

private:
  void collect();
};

} // namespace troupe::test
