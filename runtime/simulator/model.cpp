// SPDX-License-Identifier: BSD-3-Clause
// Connections, sessions and time. Every dispatch goes into its session's replay buffer first, and from there to the
// wire as far as the connection's cursor got: live events, replay after RESUME and a slow client are one path.
#include "runtime/simulator/model.hpp"

#include "runtime/simulator/text.hpp"

#include <algorithm>

namespace troupe::simulator {

namespace {

// Events that one flush puts out, so that a long replay gives the shell a chance to say that it is full.
constexpr std::uint64_t flush_max = 500;
constexpr std::size_t breaches_max = 10'000;
constexpr auto never = clock::time_point::max();

std::string_view query_value(std::string_view target, std::string_view key) {
  auto begin = target.find('?');
  while (begin != std::string_view::npos) {
    auto part = target.substr(begin + 1);
    begin = target.find('&', begin + 1);
    part = part.substr(0, part.find('&'));
    if (part.size() > key.size() && part.starts_with(key) && part[key.size()] == '=')
      return part.substr(key.size() + 1);
  }
  return {};
}

// Of the traffic, in one call; and how many of them may meet clients that do not keep up, before those get a moment.
constexpr int most_events_at_once = 256;
constexpr int most_held_at_once = 16;

bool is_resumed(std::string_view payload) {
  return payload.starts_with("{\"t\":\"RESUMED\"");
}

} // namespace

model::model(options opts, clock::time_point now)
  : options_{std::move(opts)}, start_{now}, world_{options_}, traffic_{options_, world_}, churn_{options_, world_,
                                                                                                 traffic_},
    random_{options_.seed ^ 0x5eed}, identify_limits_{options_, now}, next_event_{now} {
  set_events_per_second(options_.events_per_second, now);
}

std::int64_t model::unix_ms(clock::time_point now) const {
  return options_.unix_start_ms + std::chrono::duration_cast<std::chrono::milliseconds>(now - start_).count();
}

// -- inputs ----------------------------------------------------------------------------------------

upgrade_answer model::open(host_kind host, std::string_view target, clock::time_point now) {
  if (auto* armed = strike(fault_kind::upgrade_hang, now, true); armed != nullptr)
    return {0, {.hang = true}};
  if (auto* armed = strike(fault_kind::upgrade_error, now, true); armed != nullptr)
    return {0, {.status = armed->what.status, .content_type = "text/html", .body = "<html>error</html>"}};
  if (state_of(host, now) != host_state::alive)
    return {0, {.hang = true}};
  auto encoding = query_value(target, "encoding");
  auto how = codec::parse_compression(query_value(target, "compress")).value_or(codec::compression::none);
  auto version = query_value(target, "v");
  connection made{.id = ++last_connection_,
                  .packer = codec::make_compressor(how),
                  .how = how,
                  .hello_at = now,
                  .last_beat = now,
                  .commands = {options_.command_limit, std::chrono::seconds{60}}};
  ++counters_.connections;
  if (strike(fault_kind::hello_missing, now, true) != nullptr)
    made.hello_at = never;
  else if (auto* armed = strike(fault_kind::hello_delay, now, true); armed != nullptr)
    made.hello_at = now + armed->what.late;
  auto id = made.id;
  auto& added = connections_.emplace(id, std::move(made)).first->second;
  if (version != "10" && version != "9")
    close(added, 4012, "Invalid API version.", now);
  else if (!encoding.empty() && encoding != "json") // ETF has no reader here: better said than guessed.
    close(added, 4002, "Error while decoding payload: this local Discord speaks JSON only, not ETF.", now);
  else if (added.hello_at == now)
    send_hello(added, now);
  return {id, {}};
}

void model::on_closed(connection_id from, std::uint16_t code, clock::time_point now) {
  // 1000 and 1001 say that the bot goes away for good (protocol 2.3).
  if (auto* gone = find(from))
    detach(*gone, code != 1000 && code != 1001, now);
}

void model::hold(connection_id which, bool full, clock::time_point now) {
  auto* held = find(which);
  if (held == nullptr)
    return;
  held->held = full;
  if (!full)
    flush(*held, now);
}

// -- outputs ---------------------------------------------------------------------------------------

void model::emit(effect what, clock::time_point now) {
  auto due = now;
  if (auto* slow = strike(fault_kind::latency, now, false); slow != nullptr)
    due += slow->what.late;
  if (!effects_.empty())
    due = std::max(due, effects_.back().due); // Late is late, but never out of order.
  effects_.push_back({due, std::move(what)});
}

std::vector<effect> model::take_effects(clock::time_point now) {
  std::vector<effect> due;
  while (!effects_.empty() && effects_.front().due <= now) {
    due.push_back(std::move(effects_.front().what));
    effects_.pop_front();
  }
  return due;
}

void model::send_text(connection& to, std::string_view text, clock::time_point now) {
  if (to.silent)
    return;
  effect out{.connection = to.id, .what = {}};
  // Payload compression: large payloads only, each by itself (protocol 1.3).
  if (to.compresses && to.how == codec::compression::none && text.size() >= options_.compress_from)
    out.what = {codec::deflate(text), true};
  else
    out.what = to.packer->pack(text);
  auto& bytes = out.what.bytes;
  if (to.half_frame > 0) {
    --to.half_frame;
    to.silent = true;
    out.kind = effect_kind::partial;
  } else if (to.corrupt > 0) {
    --to.corrupt;
    // Damage in the middle: a head that looks right must not help.
    for (auto i = bytes.size() / 4; i < bytes.size() - bytes.size() / 4; ++i)
      bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
  } else if (to.missing_suffix > 0 && to.how == codec::compression::zlib_stream) {
    --to.missing_suffix;
    bytes.resize(bytes.size() - std::min<std::size_t>(bytes.size(), 4));
  } else if (to.split > 0 && to.how == codec::compression::zlib_stream && bytes.size() > 4) {
    --to.split;
    auto rest = out;
    rest.what.bytes = bytes.substr(bytes.size() / 2);
    bytes.resize(bytes.size() / 2);
    emit(std::move(out), now);
    emit(std::move(rest), now);
    return;
  }
  emit(std::move(out), now);
}

void model::send_hello(connection& to, clock::time_point now) {
  to.hello_sent = true;
  to.hello_at = never;
  to.last_beat = now;
  send_text(to,
            "{\"t\":null,\"s\":null,\"op\":10,\"d\":{\"heartbeat_interval\":"
              + std::to_string(options_.heartbeat_interval.count())
              + ",\"_trace\":[\"[\\\"gateway-local\\\",{\\\"micros\\\":0.0}]\"]}}",
            now);
}

void model::flush(connection& to, clock::time_point now) {
  if (to.session == nullptr || to.silent || to.held)
    return;
  auto& from = *to.session;
  if (to.cursor < from.oldest())
    return close(to, 4000, "The client reads too slowly.", now);
  auto end = std::min(from.sequence + 1, to.cursor + flush_max);
  for (; to.cursor < end && !to.silent; ++to.cursor) {
    auto next = from.replay.begin() + static_cast<std::ptrdiff_t>(to.cursor - from.oldest());
    // Nothing that was missed comes after RESUMED (protocol 3.7): those of earlier connections are left out.
    if (is_resumed(*next) && std::any_of(next + 1, from.replay.end(), is_resumed))
      continue;
    ++counters_.events_sent;
    send_text(to, *next, now);
  }
}

void model::dispatch(session& to, std::string_view type, std::string_view data, clock::time_point now) {
  ++to.sequence;
  std::string text;
  text.reserve(data.size() + type.size() + 48);
  text.append("{\"t\":\"").append(type).append("\",\"s\":").append(std::to_string(to.sequence));
  text.append(",\"op\":0,\"d\":");
  if (options_.mark_sessions && data.size() > 2 && data.front() == '{') {
    text.append("{\"_session\":\"").append(to.id).append("\",");
    data.remove_prefix(1);
  }
  text.append(data).append("}");
  if (options_.log_dispatches)
    log_.push_back({to.id, to.sequence, text, to.shard});
  to.replay.push_back(std::move(text));
  while (to.replay.size() > to.replay_limit)
    to.replay.pop_front();
  if (auto* live = connection_of(to))
    flush(*live, now);
}

std::size_t model::dispatch(std::uint32_t shard, std::string_view type, std::string_view data, clock::time_point now) {
  std::size_t reached = 0;
  for (auto& one : sessions_) {
    if (one.shard.index != shard)
      continue;
    ++reached;
    dispatch(one, type, data, now);
  }
  return reached;
}

std::vector<session_view> model::sessions() const {
  std::vector<session_view> all;
  for (const auto& one : sessions_)
    all.push_back({one.id, one.shard, one.intents, one.sequence, one.attached});
  return all;
}

void model::publish(const event& what, clock::time_point now) {
  if (what.data.empty())
    return publish_guild(what.guild, now);
  if (what.outage.count() > 0)
    outages_.emplace(now + what.outage, what.guild);
  auto guild = world_.guild_id(what.guild);
  for (auto& one : sessions_) {
    auto is_its =
      what.to == audience::everyone
      || (what.to == audience::shard_0 ? one.shard.index == 0 : one.shard.owns(guild) && !one.awaits(what.guild));
    if (!is_its || (one.intents.bits & what.needs.bits) != what.needs.bits)
      continue;
    auto blank = !what.without_content.empty() && !one.intents.has(intent::message_content);
    dispatch(one, what.type, blank ? what.without_content : what.data, now);
  }
}

// -- connections and sessions ----------------------------------------------------------------------

connection* model::find(connection_id id) {
  auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : &found->second;
}

connection* model::connection_of(const session& which) {
  return which.attached == 0 ? nullptr : find(which.attached);
}

void model::close(connection& which, std::uint16_t code, std::string_view reason, clock::time_point now) {
  emit({.kind = effect_kind::close, .connection = which.id, .code = code, .reason = std::string{reason}}, now);
  // These say that the session is no more (protocol 2.2); after the others it can be resumed.
  auto fatal =
    code == 4003 || code == 4004 || code == 4005 || code == 4007 || code == 4009 || (code >= 4010 && code <= 4014);
  detach(which, !fatal, now);
}

void model::detach(connection& which, bool keep_session, clock::time_point now) {
  ++counters_.disconnects;
  if (auto* left = which.session) {
    left->attached = 0;
    left->expires = now + options_.session_lifetime;
    if (!keep_session)
      end_session(*left);
  }
  connections_.erase(which.id);
}

void model::end_session(session& which) {
  ++counters_.sessions_ended;
  if (auto* live = connection_of(which))
    live->session = nullptr;
  sessions_.remove_if([&which](const session& one) { return &one == &which; });
}

void model::add_breach(const connection* by, std::string_view rule, std::string sentence, clock::time_point now) {
  if (breaches_.size() >= breaches_max)
    return;
  breach record{.at = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_),
                .shard = {},
                .rule = std::string{rule},
                .sentence = std::move(sentence)};
  if (by != nullptr && by->session != nullptr)
    record.shard = by->session->shard;
  breaches_.push_back(std::move(record));
}

// -- time ------------------------------------------------------------------------------------------

void model::set_events_per_second(double rate, clock::time_point now) {
  options_.events_per_second = std::max(0.0, rate);
  next_event_ = rate > 0 ? now : never;
}

void model::run_script(std::vector<timed_fault> script) {
  script_ = std::move(script);
  script_next_ = 0;
}

std::optional<clock::time_point> model::next_due() const {
  auto next = never;
  if (!effects_.empty())
    next = effects_.front().due;
  if (script_next_ < script_.size())
    next = std::min(next, start_ + script_[script_next_].at);
  if (!outages_.empty())
    next = std::min(next, outages_.begin()->first);
  if (!sessions_.empty())
    next = std::min(next, next_event_); // Nobody listens: nothing happens.
  for (auto& [id, one] : connections_) {
    if (!one.hello_sent) {
      next = std::min(next, one.hello_at);
      continue;
    }
    next = std::min(next, one.last_beat + options_.heartbeat_interval * 3 / 2);
    if (one.session != nullptr && !one.held && !one.silent && one.cursor <= one.session->sequence)
      return clock::time_point::min(); // A replay goes on at once.
  }
  for (auto& one : sessions_) {
    auto live = connections_.find(one.attached);
    if (live == connections_.end())
      next = std::min(next, one.expires);
    else if (!live->second.held && !one.member_requests.empty())
      next = std::min(next, one.next_chunk);
    if (!one.stubs.empty() && (live == connections_.end() || !live->second.held))
      next = std::min(next, one.next_stubs);
  }
  return next == never ? std::nullopt : std::optional{next};
}

void model::tick(clock::time_point now) {
  while (script_next_ < script_.size() && start_ + script_[script_next_].at <= now)
    inject(script_[script_next_++].what, now);
  end_outages(now);
  run_connections(now);
  run_sessions(now);
  run_traffic(now);
}

void model::run_connections(clock::time_point now) {
  for (auto next = connections_.begin(); next != connections_.end();) {
    auto& one = (next++)->second; // `close` erases it.
    if (!one.hello_sent) {
      if (one.hello_at <= now)
        send_hello(one, now);
    } else if (now - one.last_beat >= options_.heartbeat_interval * 3 / 2) {
      if (!one.silent)
        add_breach(&one, "heartbeat_late", "no heartbeat came for one and a half intervals", now);
      close(one, 4000, "Heartbeat timed out.", now);
    } else {
      flush(one, now);
    }
  }
}

void model::run_sessions(clock::time_point now) {
  for (auto next = sessions_.begin(); next != sessions_.end();) {
    auto& one = *next++;
    auto* live = connection_of(one);
    if (live == nullptr && one.expires <= now) {
      ++counters_.sessions_expired;
      end_session(one);
      continue;
    }
    auto held = live != nullptr && live->held;
    if (!held && !one.stubs.empty() && one.next_stubs <= now) {
      one.next_stubs = now + options_.guild_batch_interval;
      for (std::uint32_t i = 0; i < options_.guild_batch && !one.stubs.empty(); ++i) {
        auto guild = one.stubs.front();
        one.stubs.pop_front();
        send_stub(one, guild, now);
      }
    }
    if (live != nullptr && !held && !one.member_requests.empty() && one.next_chunk <= now)
      send_member_chunk(one, now);
  }
}

void model::run_traffic(clock::time_point now) {
  if (next_event_ > now || options_.events_per_second <= 0)
    return;
  // After a pause (nobody listened, or the process slept) the past is not made up for.
  next_event_ = std::max(next_event_, now - std::chrono::seconds{1});
  // Others want their turn, however much traffic there is to be.
  auto events = 0;
  auto held_before = counters_.events_held;
  while (next_event_ <= now && events++ < most_events_at_once) {
    if (counters_.events_held - held_before >= most_held_at_once) {
      next_event_ = now + std::chrono::milliseconds{1};
      return;
    }
    std::chrono::duration<double> gap{(0.5 + random_.share()) / options_.events_per_second};
    next_event_ += std::max(std::chrono::duration_cast<clock::duration>(gap), clock::duration{1});
    if (sessions_.empty())
      continue;
    if (world_.changes()) {
      step(now, false);
      continue;
    }
    auto what = traffic_.next(unix_ms(now));
    if (!what)
      continue;
    // A client that does not keep up slows its guilds down, so that its replay buffer does not overflow.
    auto held = what->to == audience::guild ? is_held(what->guild)
                                            : std::any_of(sessions_.begin(), sessions_.end(), [&](const session& one) {
                                                auto* live = connection_of(one);
                                                return live != nullptr && live->held && one.shard.index == 0;
                                              });
    if (held)
      ++counters_.events_held;
    else
      publish(*what, now);
  }
}

} // namespace troupe::simulator
