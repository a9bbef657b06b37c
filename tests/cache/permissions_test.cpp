// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/permissions_in.hpp"

#include "tests/cache/objects.hpp"
#include "tests/catch.hpp"

#include <initializer_list>

using namespace troupe;
using namespace troupe::cache;
using testing::make_role;

namespace {

constexpr std::uint64_t bits(std::initializer_list<permission> which) {
  std::uint64_t all = 0;
  for (auto one : which)
    all |= static_cast<std::uint64_t>(one);
  return all;
}

constexpr auto view = permission::view_channel;
constexpr auto send = permission::send_messages;
constexpr auto history = permission::read_message_history;
constexpr auto links = permission::embed_links;
constexpr auto in_threads = permission::send_messages_in_threads;

constexpr std::uint64_t usual = bits({view, send, history, links, in_threads, permission::mention_everyone});
constexpr std::uint64_t written_only =
  bits({permission::mention_everyone, permission::send_tts_messages, permission::attach_files, links});
constexpr timestamp now{1'000};

permission_holder somebody(std::vector<role> roles) {
  permission_holder who{.user = {1}, .guild = {100}, .owner = {2}};
  who.roles = std::move(roles);
  return who;
}

permission_overwrite role_says(std::uint64_t id, std::uint64_t allow, std::uint64_t deny) {
  return {{id}, overwrite_type::role, {allow}, {deny}};
}

permission_overwrite member_says(std::uint64_t id, std::uint64_t allow, std::uint64_t deny) {
  return {{id}, overwrite_type::member, {allow}, {deny}};
}

std::uint64_t may(const permission_holder& who, std::vector<permission_overwrite> overwrites, bool thread = false) {
  return permissions_in(who, overwrites, thread, now).bits;
}

} // namespace

TEST_CASE("permissions of the guild are those of all roles together", "[cache][permissions]") {
  auto who = somebody({make_role(100, 0, bits({view})), make_role(50, 1, bits({send})), make_role(51, 2, 1ull << 60)});
  CHECK(base_permissions(who).bits == (bits({view, send}) | 1ull << 60));
}

TEST_CASE("owners and administrators may everything, whatever channels and timeouts say", "[cache][permissions]") {
  auto owner = somebody({make_role(100)});
  owner.owner = owner.user;
  owner.timeout_until = timestamp{2'000};
  CHECK(may(owner, {role_says(100, 0, ~0ull)}) == ~0ull);
  auto administrator = somebody({make_role(100), make_role(50, 1, bits({permission::administrator}))});
  administrator.timeout_until = timestamp{2'000};
  CHECK(may(administrator, {role_says(100, 0, ~0ull), member_says(1, 0, ~0ull)}) == ~0ull);
}

TEST_CASE("overwrites count in their order: @everyone, roles together, the member", "[cache][permissions]") {
  auto who = somebody({make_role(100, 0, usual), make_role(50, 1), make_role(51, 2)});
  CHECK(may(who, {}) == usual);
  CHECK(may(who, {role_says(100, 0, bits({history}))}) == (usual & ~bits({history})));
  // A role gives back what @everyone lost, wherever it stands in the list.
  CHECK(may(who, {role_says(50, bits({history}), 0), role_says(100, 0, bits({history}))}) == usual);
  // What one role allows beats what a higher one denies.
  CHECK(may(who, {role_says(51, 0, bits({history})), role_says(50, bits({history}), 0)}) == usual);
  CHECK(may(who, {role_says(50, bits({history}), 0), member_says(1, 0, bits({history}))})
        == (usual & ~bits({history})));
  CHECK(may(who, {member_says(1, bits({history}), 0), role_says(51, 0, bits({history}))}) == usual);
  // Of others.
  CHECK(may(who, {role_says(52, 0, ~0ull), member_says(2, 0, ~0ull)}) == usual);
  // A member whose id is a role's, and the other way round.
  CHECK(may(who, {member_says(50, 0, ~0ull), role_says(1, 0, ~0ull), member_says(100, 0, ~0ull)}) == usual);
}

TEST_CASE("who cannot see a channel can do nothing there", "[cache][permissions]") {
  auto who = somebody({make_role(100, 0, usual)});
  CHECK(may(who, {role_says(100, 0, bits({view}))}) == 0);
}

TEST_CASE("who cannot write cannot mention all, read aloud, attach or embed", "[cache][permissions]") {
  auto who = somebody({make_role(100, 0, usual | written_only)});
  CHECK(may(who, {}) == (usual | written_only));
  CHECK(may(who, {role_says(100, 0, bits({send}))}) == ((usual | written_only) & ~bits({send}) & ~written_only));
  // In threads another permission says who may write.
  CHECK(may(who, {role_says(100, 0, bits({send}))}, true) == ((usual | written_only) & ~bits({send})));
  CHECK(may(who, {role_says(100, 0, bits({in_threads}))}, true)
        == ((usual | written_only) & ~bits({in_threads}) & ~written_only));
}

TEST_CASE("a timeout leaves only reading, until it passes", "[cache][permissions]") {
  auto who = somebody({make_role(100, 0, usual)});
  who.timeout_until = timestamp{1'001};
  CHECK(may(who, {}) == bits({view, history}));
  CHECK(may(who, {member_says(1, usual, 0)}) == bits({view, history}));
  CHECK(may(who, {role_says(100, 0, bits({view}))}) == 0);
  who.timeout_until = timestamp{1'000};
  CHECK(may(who, {}) == usual);
}

TEST_CASE("roles stand by position, then the lower id is higher", "[cache][permissions]") {
  CHECK(is_higher(make_role(9, 2), make_role(1, 1)));
  CHECK_FALSE(is_higher(make_role(1, 1), make_role(9, 2)));
  CHECK(is_higher(make_role(1, 1), make_role(2, 1)));
  CHECK_FALSE(is_higher(make_role(1, 1), make_role(1, 1)));
}
