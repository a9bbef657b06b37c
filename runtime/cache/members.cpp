// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/members.hpp"

#include "runtime/cache/fields.hpp"
#include "runtime/cache/packing.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

namespace troupe::cache {

namespace {

void take_partial(user& known, const partial_user& news) {
  auto take = [](auto& to, const auto& from) {
    if (!is_blank(from))
      to = from;
  };
  auto take_nullable = [](nullable<std::string>& to, const maybe<std::string>& from) {
    if (from)
      to = *from;
    else if (from.is_null())
      to.reset();
  };
  if (news.username)
    known.username = *news.username;
  if (news.discriminator)
    known.discriminator = *news.discriminator;
  take_nullable(known.global_name, news.global_name);
  take_nullable(known.avatar, news.avatar);
  take(known.bot, news.bot);
  take(known.public_flags, news.public_flags);
  take(known.avatar_decoration_data, news.avatar_decoration_data);
  take(known.collectibles, news.collectibles);
  take(known.primary_guild, news.primary_guild);
}

// The user as it is now: most often exactly who was known.
user_ref merged(const user_ref& known, const user& news, user_table& users) {
  if (!known)
    return users.intern(news);
  if (known.is(pack_here(news)))
    return known;
  auto who = known.get();
  overlay(who, news);
  return known.is(pack_here(who)) ? known : users.intern(who);
}

} // namespace

member_record::member_record(user_ref user, std::string_view packed) {
  auto* memory = static_cast<char*>(::operator new(sizeof(head) + packed.size()));
  head_ = new (memory) head{std::move(user), 0, static_cast<std::uint32_t>(packed.size())};
  std::memcpy(memory + sizeof(head), packed.data(), packed.size());
}

member_record::~member_record() {
  if (head_ == nullptr)
    return;
  head_->~head();
  ::operator delete(static_cast<void*>(head_));
}

std::size_t member_record::bytes() const noexcept {
  return head_ == nullptr ? 0 : allocated(sizeof(head) + head_->size);
}

member members::open(const member_record& record) {
  return unpack<member>(record.view());
}

std::optional<member> members::get_bare(snowflake user) const {
  const auto* found = table_.find(user);
  return found == nullptr ? std::nullopt : std::optional{open(*found)};
}

std::optional<member> members::get(snowflake user) const {
  const auto* found = table_.find(user);
  if (found == nullptr)
    return std::nullopt;
  auto whole = open(*found);
  if (found->head_->user)
    whole.user = found->head_->user.get();
  else
    whole.user.emplace().id = user;
  return whole;
}

void members::put(snowflake user, const member& what, member_news news, const troupe::user* who, user_table* users) {
  auto* known = table_.find(user);
  if (known == nullptr && who == nullptr)
    return; // Nobody knows who that is.
  auto share = known == nullptr ? user_ref{} : known->head_->user;
  if (users != nullptr && who != nullptr)
    share = merged(share, *who, *users);
  member now;
  if (known != nullptr && news == member_news::update) {
    now = open(*known);
    overlay(now, what);
  } else {
    now = what;
  }
  now.user.reset();
  now.permissions.reset();
  set(table_[user], std::move(share), pack_here(now));
}

void members::set(member_record& slot, user_ref user, std::string_view packed) {
  if (slot.head_ != nullptr && slot.view() == packed) {
    slot.head_->user = std::move(user);
  } else {
    owned_ -= slot.bytes();
    slot = member_record{std::move(user), packed};
    owned_ += slot.bytes();
  }
  slot.head_->seen = tick();
}

std::uint32_t members::tick() {
  if (ticks_ == std::numeric_limits<std::uint32_t>::max()) {
    // Once in four billion sights. The order remains, but for those who were seen one after the other.
    for (auto id : page({}, size()))
      table_.find(id)->head_->seen /= 2;
    ticks_ /= 2;
  }
  return ++ticks_;
}

void members::update_user(const partial_user& news, user_table& users) {
  auto* known = table_.find(news.id);
  if (known == nullptr || !known->head_->user)
    return;
  auto who = known->head_->user.get();
  take_partial(who, news);
  if (!known->head_->user.is(pack_here(who)))
    known->head_->user = users.intern(who);
}

bool members::erase(snowflake user) {
  const auto* found = table_.find(user);
  if (found == nullptr)
    return false;
  owned_ -= found->bytes();
  return table_.erase(user);
}

void members::clear() noexcept {
  table_.clear();
  owned_ = 0;
}

std::vector<snowflake> members::page(snowflake after, std::size_t limit) const {
  std::vector<snowflake> ids;
  table_.each_after(after, [&](snowflake id, const member_record&) {
    if (ids.size() == limit)
      return false;
    ids.push_back(id);
    return true;
  });
  return ids;
}

std::size_t members::evict(std::size_t bound, snowflake keep) {
  if (bound == 0 || size() <= bound)
    return 0;
  auto leave = bound - bound / 16;
  auto oldest = by_age([keep](snowflake id) { return id != keep; });
  auto count = std::min(oldest.size(), size() - leave);
  for (std::size_t i = 0; i < count; ++i)
    erase(oldest[i]);
  return count;
}

std::vector<snowflake> members::by_age(const std::function<bool(snowflake)>& which) const {
  std::vector<std::pair<std::uint32_t, snowflake>> found;
  table_.each([&](snowflake id, const member_record& record) {
    if (which(id))
      found.emplace_back(record.head_->seen, id);
  });
  std::sort(found.begin(), found.end());
  std::vector<snowflake> ids;
  ids.reserve(found.size());
  for (const auto& one : found)
    ids.push_back(one.second);
  return ids;
}

} // namespace troupe::cache
