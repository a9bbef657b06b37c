// SPDX-License-Identifier: BSD-3-Clause
#include "tests/simulator/model_client.hpp"

#include "tests/catch.hpp"

#include <simdjson.h>
#include <zlib.h>

#include <algorithm>

namespace troupe::test {

using namespace simulator;

namespace {

payload read(std::string_view text) {
  static simdjson::dom::parser parser;
  simdjson::padded_string padded{text};
  auto root = parser.parse(padded);
  payload result;
  result.text = text;
  result.op = root["op"].get_uint64().value();
  if (std::uint64_t s = 0; root["s"].get_uint64().get(s) == simdjson::SUCCESS)
    result.s = s;
  if (std::string_view t; root["t"].get_string().get(t) == simdjson::SUCCESS)
    result.t = t;
  simdjson::dom::element d;
  if (root["d"].get(d) == simdjson::SUCCESS)
    result.d = simdjson::minify(d);
  return result;
}

std::string inflated(const std::string& packed) {
  std::string text(1u << 20, '\0');
  auto size = static_cast<uLongf>(text.size());
  REQUIRE(::uncompress(reinterpret_cast<Bytef*>(text.data()), &size, reinterpret_cast<const Bytef*>(packed.data()),
                       packed.size())
          == Z_OK);
  text.resize(size);
  return text;
}

} // namespace

std::vector<payload> client_view::named(const std::string& t) const {
  std::vector<payload> found;
  std::copy_if(got.begin(), got.end(), std::back_inserter(found), [&](auto& one) { return one.t == t; });
  return found;
}

const payload* client_view::last_op(std::uint64_t op) const {
  auto found = std::find_if(got.rbegin(), got.rend(), [op](auto& one) { return one.op == op; });
  return found == got.rend() ? nullptr : &*found;
}

std::string at(const std::string& text, const std::string& pointer) {
  simdjson::dom::parser parser;
  simdjson::padded_string padded{text};
  simdjson::dom::element found;
  if (parser.parse(padded).at_pointer(pointer).get(found) != simdjson::SUCCESS)
    return {};
  return simdjson::minify(found);
}

options model_client::quiet(std::uint32_t guilds) {
  options opts;
  opts.events_per_second = 0;
  opts.guilds = guilds;
  opts.max_concurrency = 16;
  return opts;
}

model_client::model_client(options opts) : model{std::move(opts), now} {
  // nop
}

connection_id model_client::open(const std::string& query, host_kind host) {
  auto answer = model.open(host, "/" + query, now);
  if (answer.connection != 0) {
    auto how = codec::compression::none;
    if (query.find("zlib-stream") != std::string::npos)
      how = codec::compression::zlib_stream;
    if (query.find("zstd-stream") != std::string::npos)
      how = codec::compression::zstd_stream;
    views[answer.connection].plain = how == codec::compression::none;
    views[answer.connection].unpacker = codec::make_decompressor(how, 16u << 20);
  }
  collect();
  return answer.connection;
}

void model_client::collect() {
  for (auto& one : model.take_effects(now)) {
    auto& view = views[one.connection];
    switch (one.kind) {
    case effect_kind::close:
      view.close_code = one.code;
      break;
    case effect_kind::drop:
      view.dropped = true;
      break;
    case effect_kind::partial:
      view.partial = true;
      break;
    case effect_kind::frame: {
      view.raw_frames.push_back(one.what.bytes);
      if (view.stream_broken)
        break;
      if (view.plain && one.what.binary) {
        ++view.compressed_alone;
        one.what = {inflated(one.what.bytes), false};
      }
      auto text = view.unpacker->feed(one.what);
      if (!text)
        view.stream_broken = true;
      else if (!text->empty())
        view.got.push_back(read(*text));
    }
    }
  }
}

void model_client::send(connection_id to, const std::string& text) {
  model.on_frame(to, {text, false}, now);
  collect();
}

void model_client::identify(connection_id to, std::uint32_t index, std::uint32_t count, std::uint64_t intents,
                            const std::string& token) {
  send(to, "{\"op\":2,\"d\":{\"token\":\"" + token + "\",\"properties\":{\"os\":\"linux\"},\"intents\":"
             + std::to_string(intents) + ",\"shard\":[" + std::to_string(index) + ',' + std::to_string(count) + "]}}");
}

void model_client::resume(connection_id to, const std::string& session, std::uint64_t seq) {
  send(to, R"({"op":6,"d":{"token":"local-discord-token","session_id":")" + session
             + "\",\"seq\":" + std::to_string(seq) + "}}");
}

void model_client::beat(connection_id to) {
  send(to, R"({"op":1,"d":null})");
}

void model_client::close(connection_id which, std::uint16_t code) {
  model.on_closed(which, code, now);
  collect();
}

void model_client::inject(const std::string& text) {
  auto what = parse_fault(text);
  REQUIRE(what.has_value());
  model.inject(*what, now);
  collect();
}

void model_client::advance(std::chrono::milliseconds time) {
  auto end = now + time;
  for (auto due = model.next_due(); due && *due <= end; due = model.next_due()) {
    now = std::max(now, *due);
    model.tick(now);
    collect();
  }
  now = end;
  model.tick(now);
  collect();
}

connection_id model_client::ready(std::uint32_t index, std::uint32_t count, std::uint64_t intents) {
  auto id = open();
  identify(id, index, count, intents);
  REQUIRE(views[id].named("READY").size() == 1);
  advance(500ms);
  return id;
}

std::string model_client::session_of(connection_id which) {
  auto id = at(views[which].named("READY").at(0).d, "/session_id");
  return id.substr(1, id.size() - 2);
}

bool model_client::has_breach(const std::string& rule) const {
  auto& all = model.breaches();
  return std::any_of(all.begin(), all.end(), [&](auto& one) { return one.rule == rule; });
}

http_reply model_client::request(const std::string& method, const std::string& target, const std::string& body) {
  http_request what{method, target, {{"authorization", "Bot local-discord-token"}, {"user-agent", "test"}}, body};
  if (!body.empty())
    what.headers["content-type"] = "application/json";
  auto reply = model.on_request(what, now);
  collect();
  return reply;
}

} // namespace troupe::test
