// SPDX-License-Identifier: BSD-3-Clause
#include "actors/sessions.hpp"

#include "messages/inspect.hpp"

#include "runtime/buggify.hpp"
#include "runtime/log/log.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/system.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace troupe {

sessions_state::sessions_state(sessions_actor::pointer self) : self{self} {
  // nop
}

void sessions_state::start(sessions_dependencies with) {
  deps = std::move(with);
  if (auto warning = deps.store->warning(); !warning.empty())
    log::warn("The session store has trouble: {}.", warning);
  auto loaded = deps.store->load();
  if (!loaded) {
    log::error("The sessions of the last process cannot be read, so that shards identify anew: {}",
               to_string(loaded.error()));
    return;
  }
  for (auto& record : *loaded)
    known[record.shard] = std::move(record);
}

void sessions_state::on_checkpoint(const session_checkpoint& msg) {
  auto& record = known[msg.shard];
  auto urgent = record.session_id != msg.session_id;
  record = {msg.shard,      msg.intents,  msg.session_id,
            msg.resume_url, msg.sequence, deps.now().time_since_epoch().count()};
  // A session of another shard count is over once somebody identifies with this one.
  std::erase_if(known, [&](const auto& other) { return other.first.count != msg.shard.count; });
  std::erase_if(unsaved, [&](const shard_id& other) { return other.count != msg.shard.count; });
  unsaved.insert(msg.shard);
  if (urgent) {
    flush();
  } else if (!std::exchange(armed, true)) {
    tell_after(self, deps.batch_period, retry_due{++epoch});
  }
}

session_checkpoint sessions_state::find(const find_session& asked) const {
  session_checkpoint none{.shard = asked.shard, .intents = asked.intents, .session_id = {}, .resume_url = {}};
  auto found = known.find(asked.shard);
  // Discord resumes with the intents of the IDENTIFY: with other wishes a new session is needed.
  if (found == known.end() || found->second.intents != asked.intents)
    return none;
  const auto& record = found->second;
  return {record.shard, record.intents, record.session_id, record.resume_url, record.sequence};
}

void sessions_state::on_due(std::uint64_t due_epoch) {
  if (due_epoch != epoch)
    return;
  armed = false;
  if (TROUPE_BUGGIFY("the registry crashes before it saves", 0.001))
    throw std::runtime_error{"provoked: the registry crashes before it saves"};
  flush();
}

void sessions_state::flush() {
  if (unsaved.empty())
    return;
  std::vector<store::session_record> batch;
  for (const auto& shard : unsaved)
    batch.push_back(known[shard]);
  if (auto saved = deps.store->save(batch); !saved) {
    if (!std::exchange(failing, true))
      log::error("The sessions cannot be saved; a restart of the process before this is mended loses some: {}",
                 to_string(saved.error()));
    if (!std::exchange(armed, true))
      tell_after(self, deps.batch_period, retry_due{++epoch});
    return;
  }
  if (std::exchange(failing, false))
    log::info("The sessions are saved again.");
  for (const auto& record : batch)
    if (record.session_id.empty())
      known.erase(record.shard);
  unsaved.clear();
}

sessions_actor::behavior_type sessions(sessions_actor::stateful_pointer<sessions_state> self,
                                       sessions_dependencies deps) {
  carry_exceptions(self, sessions_state::name);
  self->set_exit_handler([self](const caf::exit_msg& msg) {
    if (!msg.reason)
      return;
    self->state.flush();
    self->quit(msg.reason);
  });
  self->state.start(std::move(deps));
  return {
    [self](const session_checkpoint& msg) { self->state.on_checkpoint(msg); },
    [self](const find_session& asked) { return self->state.find(asked); },
    [self](const retry_due& due) { self->state.on_due(due.epoch); },
  };
}

} // namespace troupe
