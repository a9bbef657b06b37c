// SPDX-License-Identifier: BSD-3-Clause
// The REST API as far as it exists here, in Discord's shapes (protocol 1.1, 7 and 8).
#include "runtime/simulator/model.hpp"
#include "runtime/simulator/text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstdio>

namespace troupe::simulator {

namespace {

std::string decimal(double value) {
  char text[48];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

http_reply limited(double retry_after, std::string_view scope) {
  auto global = scope == "global";
  http_reply reply{.status = 429,
                   .body = "{\"message\":\"You are being rate limited.\",\"retry_after\":" + decimal(retry_after)
                           + ",\"global\":" + (global ? "true" : "false") + '}'};
  reply.headers = {{"Retry-After", std::to_string(static_cast<long>(retry_after) + 1)},
                   {"X-RateLimit-Scope", std::string{scope}},
                   {"Via", "1.1 local"}};
  if (global)
    reply.headers.emplace_back("X-RateLimit-Global", "true");
  return reply;
}

std::string_view header(const http_request& request, const std::string& name) {
  auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string_view{} : std::string_view{found->second};
}

// What follows the version; nothing where the path is not of the API.
std::optional<std::string_view> inside_api(std::string_view target) {
  target = target.substr(0, target.find('?'));
  for (std::string_view base : {"/api/v10", "/api/v9", "/api"})
    if (target.starts_with(base) && (target.size() == base.size() || target[base.size()] == '/'))
      return target.substr(base.size());
  return std::nullopt;
}

} // namespace

http_reply failure(std::uint16_t status, std::uint32_t code, std::string_view message) {
  return {.status = status, .body = "{\"message\":" + quote(message) + ",\"code\":" + std::to_string(code) + '}'};
}

http_reply model::on_request(const http_request& request, clock::time_point now) {
  ++counters_.rest_requests;
  auto reply = [&]() -> http_reply {
    if (auto planned = rest_fault(now))
      return *planned;
    auto path = inside_api(request.target);
    if (!path)
      return failure(404, 0, "404: Not Found");
    if (header(request, "user-agent").empty()) {
      add_breach(nullptr, "user_agent", "a request without User-Agent", now);
      return failure(403, 40333, "internal network error");
    }
    if (*path == "/gateway" && request.method == "GET")
      return {.body = "{\"url\":" + quote(options_.gateway_url) + '}'};
    if (header(request, "authorization") != "Bot " + options_.token)
      return failure(401, 0, "401: Unauthorized");
    if (!rest_global_.take(now)) {
      ++counters_.rest_rate_limited;
      return limited(std::chrono::duration<double>(rest_global_.wait(now)).count(), "global");
    }
    return route(request, *path, now);
  }();
  if (auto* slow = strike(fault_kind::latency, now, false); slow != nullptr)
    reply.late = slow->what.late;
  return reply;
}

http_reply model::route(const http_request& request, std::string_view path, clock::time_point now) {
  auto get = request.method == "GET";
  if (path == "/gateway/bot")
    return get ? gateway_bot(now) : failure(405, 0, "405: Method Not Allowed");
  if (path == "/users/@me" && get)
    return {.body = world_.bot_user()};
  if ((path == "/applications/@me" || path == "/oauth2/applications/@me") && get)
    return {.body = "{\"id\":" + quote(snowflake{options_.bot_id})
                    + ",\"name\":\"local-bot\",\"icon\":null,\"description\":\"\",\"bot_public\":true,"
                    + "\"bot_require_code_grant\":false,\"verify_key\":\"\",\"flags\":0,\"bot\":" + world_.bot_user()
                    + '}'};
  if (path == "/users/@me/channels")
    return request.method == "POST" ? open_direct(request) : failure(405, 0, "405: Method Not Allowed");
  if (auto about_guild = guild_route(request, path))
    return *about_guild;
  constexpr std::string_view before = "/channels/";
  constexpr std::string_view after = "/messages";
  if (path.starts_with(before) && path.ends_with(after) && path.size() > before.size() + after.size()) {
    auto channel = path.substr(before.size(), path.size() - before.size() - after.size());
    if (channel.find('/') == std::string_view::npos)
      return request.method == "POST" ? post_message(request, channel, now)
                                      : failure(405, 0, "405: Method Not Allowed");
  }
  return failure(404, 0, "404: Not Found");
}

http_reply model::gateway_bot(clock::time_point now) {
  return {.body = "{\"url\":" + quote(options_.gateway_url)
                  + ",\"shards\":" + std::to_string(options_.recommended_shards)
                  + ",\"session_start_limit\":{\"total\":" + std::to_string(options_.session_starts_total)
                  + ",\"remaining\":" + std::to_string(identify_limits_.remaining(now))
                  + ",\"reset_after\":" + std::to_string(identify_limits_.reset_after(now).count())
                  + ",\"max_concurrency\":" + std::to_string(options_.max_concurrency) + "}}"};
}

http_reply model::open_direct(const http_request& request) const {
  simdjson::dom::parser parser;
  simdjson::padded_string padded{request.body};
  std::string_view text;
  auto given = parser.parse(padded)["recipient_id"].get_string().get(text) == simdjson::SUCCESS;
  auto id = given ? snowflake::parse(text) : std::nullopt;
  if (!id)
    return failure(400, 50035, "Invalid Form Body");
  auto who = world_.find_user(*id);
  if (!who)
    return failure(404, 10013, "Unknown User");
  return {.body = "{\"id\":" + quote(world_.direct_channel(*who)) + ",\"type\":1,\"flags\":0,\"recipients\":["
                  + world_.user(*who) + "]}"};
}

http_reply model::post_message(const http_request& request, std::string_view channel, clock::time_point now) {
  auto id = snowflake::parse(channel);
  auto guild = id ? world_.find_channel(*id) : std::nullopt;
  if (!guild && !(id && world_.find_direct(*id)))
    return id ? failure(404, 10003, "Unknown Channel") : failure(400, 50035, "Invalid Form Body");
  auto& bucket = rest_buckets_.try_emplace(id->value, 5, std::chrono::seconds{5}).first->second;
  auto allowed = bucket.take(now);
  auto wait = std::chrono::duration<double>(bucket.wait(now)).count();
  http_reply reply;
  if (!allowed) {
    ++counters_.rest_rate_limited;
    reply = limited(wait, "user");
  } else if (!header(request, "content-type").starts_with("application/json")) {
    reply =
      failure(400, 50035, "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.");
  } else {
    simdjson::dom::parser parser;
    simdjson::padded_string padded{request.body};
    simdjson::dom::object object;
    std::string_view content;
    if (parser.parse(padded).get_object().get(object) != simdjson::SUCCESS) {
      reply = failure(400, 50109, "The request body contains invalid JSON.");
    } else if (object["content"].get_string().get(content) != simdjson::SUCCESS || content.empty()) {
      reply = failure(400, 50006, "Cannot send an empty message");
    } else if (length(content) > 2'000) {
      reply = {.status = 400,
               .body =
                 "{\"message\":\"Invalid Form Body\",\"code\":50035,\"errors\":{\"content\":{\"_errors\":[{\"code\":"
                 "\"BASE_TYPE_BAD_LENGTH\",\"message\":\"Must be 2000 or fewer in length.\"}]}}}"};
    } else {
      message_draft draft{*id, std::string{content}, {}};
      simdjson::dom::element nonce;
      if (object["nonce"].get(nonce) == simdjson::SUCCESS && (nonce.is_string() || nonce.is_uint64()))
        draft.nonce = simdjson::minify(nonce);
      if (auto refused = guild && world_.changes() ? refuse_message(*guild, *id) : std::nullopt)
        return *refused;
      auto made = traffic_.bot_message(guild, draft, unix_ms(now));
      ++counters_.messages_posted;
      if (guild && world_.changes())
        churn_.note_message(*guild, made.data, unix_ms(now));
      publish(made, now);
      reply.body = std::move(made.data);
    }
  }
  auto left = bucket.remaining(now);
  // The window slides: the time until the bucket is not empty any more, or a whole window.
  auto reset = left == 0 ? wait : 5.0;
  reply.headers.emplace_back("X-RateLimit-Limit", std::to_string(bucket.limit()));
  reply.headers.emplace_back("X-RateLimit-Remaining", std::to_string(left));
  reply.headers.emplace_back("X-RateLimit-Reset", decimal(static_cast<double>(unix_ms(now)) / 1000 + reset));
  reply.headers.emplace_back("X-RateLimit-Reset-After", decimal(reset));
  reply.headers.emplace_back("X-RateLimit-Bucket", "80c17d2f203122d936070c88c8d10f33");
  return reply;
}

std::optional<http_reply> model::rest_fault(clock::time_point now) {
  constexpr auto page = "<!DOCTYPE html><html><body><h1>Sorry, you have been blocked</h1></body></html>";
  if (strike(fault_kind::rest_hang, now, true) != nullptr)
    return http_reply{.hang = true};
  if (strike(fault_kind::rest_html, now, true) != nullptr)
    return http_reply{.content_type = "text/html", .body = page};
  if (auto* armed = strike(fault_kind::rest_429, now, true); armed != nullptr) {
    ++counters_.rest_rate_limited;
    if (armed->what.variant == "cloudflare")
      return http_reply{.status = 429, .content_type = "text/html", .body = "error code: 1015"};
    return limited(armed->what.retry_after, armed->what.variant.empty() ? "user" : armed->what.variant);
  }
  if (auto* armed = strike(fault_kind::rest_error, now, true); armed != nullptr) {
    auto status = armed->what.status;
    if (armed->what.variant == "html")
      return http_reply{.status = status, .content_type = "text/html", .body = page};
    if (armed->what.variant == "empty")
      return http_reply{.status = status, .content_type = "text/plain", .body = ""};
    return failure(status, 0, std::to_string(status) + ": Local Fault");
  }
  return std::nullopt;
}

} // namespace troupe::simulator
