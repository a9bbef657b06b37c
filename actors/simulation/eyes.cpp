// SPDX-License-Identifier: BSD-3-Clause
// What a world sees of its disk, of its Discord and of what clients say there, and which judge is told.
#include "actors/simulation/world.hpp"

#include <algorithm>
#include <cstdlib>

namespace troupe::simulation {

namespace {

std::uint64_t number_after(const std::string& text, std::string_view key) {
  auto at = text.find(key);
  return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + key.size(), nullptr, 10);
}

std::string text_after(const std::string& text, std::string_view key) {
  auto at = text.find(key);
  if (at == std::string::npos)
    return {};
  at += key.size();
  return text.substr(at, text.find('"', at) - at);
}

} // namespace

void world::note(const std::string& text) {
  trace.add(now(), text);
}

void world::note_violations() {
  std::size_t all = 0;
  for (const auto* one :
       {static_cast<const checker*>(&lost), static_cast<const checker*>(&marks), static_cast<const checker*>(&order)})
    all += one->found().size();
  for (; noted_ < all; ++noted_)
    note("BROKEN");
}

void world::take_dispatches() {
  auto log = discord_->with_model([](simulator::model& model) { return model.take_dispatch_log(); });
  for (const auto& one : log) {
    // {"t":..,"s":..,"op":0,"d":<what the subscriber gets>}
    std::string_view payload{one.payload};
    auto data = payload.find("\"d\":") + 4;
    history.dispatched(one.session, one.shard.index, one.sequence, payload.substr(data, payload.size() - data - 1));
  }
}

void world::on_ledger(const gateway::ledger_state& state) {
  permits.on_saved(state.window_start ? state.window_start->time_since_epoch().count() : 0, state.used);
}

void world::on_stored(const store::session_record& record) {
  take_dispatches();
  if (!record.session_id.empty())
    watermark.on_stored(record.session_id, record.sequence);
}

void world::on_client(const simulator::model& model, std::uint64_t connection, const std::string& payload) {
  auto op = number_after(payload, "\"op\":");
  commands.on_payload(connection, op, now());
  if (commands.used(connection) > 110)
    sometimes.hit("a connection used up its commands");
  if (op == 2) {
    auto at = payload.find("\"shard\":[");
    shard_id shard{static_cast<std::uint32_t>(number_after(payload, "\"shard\":[")),
                   static_cast<std::uint32_t>(number_after(payload.substr(at), ","))};
    note("shard " + to_string(shard) + " identifies");
    auto known = machine.sessions();
    auto alive = model.sessions();
    auto resumable = std::any_of(known.begin(), known.end(), [&](const store::session_record& record) {
      return record.shard == shard && std::any_of(alive.begin(), alive.end(), [&](const simulator::session_view& one) {
               return one.id == record.session_id && one.connection == 0;
             });
    });
    resumes.on_identify(shard, resumable);
    permits.on_identify();
    spacing.on_identify(shard, now());
    generations.on_attach(shard, connection);
    sequences.on_identify(connection);
    fatal.on_attach(shard);
    attached_[connection] = shard;
    session_before_restart_.erase(shard);
  } else if (op == 6) {
    auto id = text_after(payload, "\"session_id\":\"");
    auto alive = model.sessions();
    auto found = std::find_if(alive.begin(), alive.end(), [&](const auto& one) { return one.id == id; });
    if (found == alive.end())
      return;
    note("shard " + to_string(found->shard) + " resumes at " + std::to_string(number_after(payload, "\"seq\":")));
    generations.on_attach(found->shard, connection);
    fatal.on_attach(found->shard);
    if (session_before_restart_.erase(found->shard) > 0)
      sometimes.hit("a session was resumed after a restart of the process");
  } else {
    generations.on_payload(connection);
    if (op == 1)
      sequences.on_heartbeat(connection, number_after(payload, "\"d\":"));
  }
}

} // namespace troupe::simulation
