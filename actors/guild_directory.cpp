// SPDX-License-Identifier: BSD-3-Clause
#include "actors/guild_directory.hpp"

#include "messages/guild_cache.hpp"
#include "messages/inspect.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace troupe {

namespace {

// Each takes four requests to Discord.
constexpr int resyncs_at_once = 4;

bool alive(const guild_actor& who) {
  return who != nullptr && !caf::actor_cast<caf::abstract_actor*>(who)->getf(caf::abstract_actor::is_terminated_flag);
}

} // namespace

guild_directory::guild_directory(cache::settings settings, start_function start)
  : settings_{settings}, start_{std::move(start)}, users_{std::make_shared<cache::user_table>()} {
  // nop
}

guild_directory::~guild_directory() {
  end_all();
}

guild_actor guild_directory::find(snowflake guild) const {
  std::lock_guard guard{mutex_};
  auto known = guilds_.find(guild);
  return known == guilds_.end() || !alive(known->second.who) ? guild_actor{} : known->second.who;
}

guild_place guild_directory::find_or_start(snowflake guild, bool joins) {
  std::lock_guard guard{mutex_};
  if (joins)
    left_.erase(guild);
  else if (left_.contains(guild))
    return {};
  auto& known = guilds_[guild];
  if (alive(known.who))
    return known;
  retire(known);
  known.meter = std::make_shared<guild_meter>();
  known.who = start_(guild, known.meter);
  return known;
}

void guild_directory::forget(snowflake guild) {
  std::lock_guard guard{mutex_};
  left_.insert(guild);
  auto known = guilds_.find(guild);
  if (known == guilds_.end())
    return;
  retire(known->second);
  if (alive(known->second.who))
    leaving_.insert(known->second.who.address());
  guilds_.erase(known);
}

void guild_directory::on_ended(snowflake guild, const caf::actor_addr& who) {
  std::lock_guard guard{mutex_};
  leaving_.erase(who);
  auto known = guilds_.find(guild);
  if (known == guilds_.end() || known->second.who.address() != who)
    return;
  retire(known->second);
  guilds_.erase(known);
}

void guild_directory::end_all() {
  std::lock_guard guard{mutex_};
  for (const auto& known : guilds_)
    caf::anon_send_exit(known.second.who, caf::exit_reason::user_shutdown);
  for (const auto& who : leaving_)
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
}

std::shared_ptr<shard_progress> guild_directory::progress_of(shard_id shard) {
  std::lock_guard guard{mutex_};
  auto& known = progress_[shard];
  if (known == nullptr)
    known = std::make_shared<shard_progress>();
  return known;
}

std::vector<snowflake> guild_directory::guilds() const {
  std::lock_guard guard{mutex_};
  std::vector<snowflake> all;
  for (const auto& known : guilds_)
    all.push_back(known.first);
  std::sort(all.begin(), all.end());
  return all;
}

void guild_directory::retire(const guild_place& place) noexcept {
  if (place.meter == nullptr)
    return;
  place.meter->gone = true;
  bytes_ -= place.meter->bytes.exchange(0);
}

std::uint64_t guild_directory::weight() const noexcept {
  return bytes_ + users_->bytes();
}

bool guild_directory::account(guild_meter& meter, std::uint64_t bytes) {
  meter.used.store(++uses_, std::memory_order_relaxed);
  bytes_ += bytes - meter.bytes.exchange(bytes); // Unsigned: less is a sum that wraps back.
  if (meter.gone)
    bytes_ -= meter.bytes.exchange(0);
  return settings_.budget_bytes > 0 && weight() > settings_.budget_bytes && !told_.exchange(true);
}

std::vector<std::pair<guild_actor, std::uint64_t>> guild_directory::shed() {
  told_ = false;
  auto now = weight();
  auto goal = settings_.budget_bytes - settings_.budget_bytes / 10;
  std::vector<std::pair<guild_actor, std::uint64_t>> orders;
  if (settings_.budget_bytes == 0 || now <= goal)
    return orders;
  std::lock_guard guard{mutex_};
  std::vector<const guild_place*> oldest;
  for (const auto& known : guilds_)
    oldest.push_back(&known.second);
  std::sort(oldest.begin(), oldest.end(),
            [](const guild_place* a, const guild_place* b) { return a->meter->used.load() < b->meter->used.load(); });
  auto missing = now - goal;
  for (const auto* one : oldest) {
    auto share = std::min<std::uint64_t>(missing, one->meter->bytes);
    if (share == 0)
      continue;
    orders.emplace_back(one->who, share);
    ++sheds_;
    bytes_shed_ += share;
    missing -= share;
    if (missing == 0)
      break;
  }
  return orders;
}

bool guild_directory::begin_resync() noexcept {
  if (++resyncs_ <= resyncs_at_once)
    return true;
  --resyncs_;
  return false;
}

void guild_directory::end_resync() noexcept {
  --resyncs_;
}

guilds_status guild_directory::status() const {
  std::lock_guard guard{mutex_};
  guilds_status all;
  all.guilds = guilds_.size();
  all.dirty = static_cast<std::uint64_t>(
    std::count_if(guilds_.begin(), guilds_.end(), [](const auto& known) { return known.second.meter->dirty.load(); }));
  all.bytes = bytes_;
  all.user_bytes = users_->bytes();
  all.users = users_->size();
  all.budget = settings_.budget_bytes;
  all.sheds = sheds_;
  all.bytes_shed = bytes_shed_;
  return all;
}

} // namespace troupe
