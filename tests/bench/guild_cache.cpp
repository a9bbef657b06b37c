// SPDX-License-Identifier: BSD-3-Clause
// What guild caches cost: bytes on the heap and as they account for them, GUILD_CREATEs against decoding the same JSON,
// and questions: to the plain class, against a map of structs, and through the actors, against actors that know the
// answer.
//
//   bench_guild_cache [QUESTIONS]
#include "messages/guild_cache.hpp"

#include "messages/discord/events.hpp"
#include "messages/inspect.hpp"

#include "runtime/cache/guild_state.hpp"
#include "runtime/simulator/world.hpp"

#include "actors/event_decoder.hpp"
#include "actors/guild_change.hpp"
#include "actors/guilds.hpp"
#include "actors/system.hpp"
#include "actors/testing/deterministic.hpp"

#include "tests/bench/measuring.hpp"
#include "tests/bench/shard_rig.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::bench;

namespace {

// Enough that what the allocator keeps for a thread does not count.
constexpr std::uint32_t small_guilds = 1'000;
constexpr std::uint32_t large_guilds = 50;
constexpr std::uint32_t many = 1'000;
constexpr std::uint32_t many_users = 10'000;
constexpr std::size_t in_flight = 64;
constexpr auto patience = 60s;

/// Guilds of the local Discord.
class guild_maker {
public:
  explicit guild_maker(std::uint32_t members) : world_{options_with(members)} {
    // nop
  }

  /// `d` of a GUILD_CREATE with all members, and room behind it for the parser.
  [[nodiscard]] std::string text(std::uint32_t guild) const {
    auto made = world_.guild_create(guild, simulator::guild_view::everything());
    made.reserve(made.size() + codec::padding);
    return made;
  }

  [[nodiscard]] guild_create event(std::uint32_t guild) const {
    return decode(text(guild)).get_as<guild_create>(0);
  }

  [[nodiscard]] static caf::message decode(const std::string& text) {
    return find_event_decoder("GUILD_CREATE")(text).value();
  }

private:
  static simulator::options options_with(std::uint32_t members) {
    simulator::options opts;
    opts.guilds = small_guilds;
    opts.members_min = opts.members_max = members;
    return opts;
  }

  simulator::world world_;
};

/// The smallest guild that there is.
guild_create bare_guild(const guild_maker& maker, std::uint32_t index) {
  auto event = maker.event(index);
  event.channels->clear();
  event.members->clear();
  event.presences->clear();
  return event;
}

// -- bytes --------------------------------------------------------------------------------------------------

/// What guilds take, without their users.
struct weight {
  double heap = 0;
  double counted = 0;

  weight operator-(const weight& other) const {
    return {heap - other.heap, counted - other.counted};
  }
};

template <class Make>
weight weigh(std::uint32_t guilds, Make make) {
  auto users = std::make_shared<cache::user_table>();
  std::vector<std::unique_ptr<cache::guild_state>> all(guilds);
  auto before = heap_bytes();
  weight found;
  for (std::uint32_t i = 0; i < guilds; ++i) {
    auto event = make(i);
    all[i] = std::make_unique<cache::guild_state>(event.id, cache::settings{}, users);
    all[i]->apply(event);
    found.counted += static_cast<double>(all[i]->bytes() + sizeof(cache::guild_state));
  }
  found.heap = static_cast<double>(heap_bytes() - before) - static_cast<double>(users->bytes());
  return found;
}

void print_bytes(const char* piece, const weight& all, std::size_t pieces) {
  json_line{"guild_cache"}
    .with("piece", piece)
    .with("heap_bytes_per_piece", all.heap / static_cast<double>(pieces), 1)
    .with("counted_bytes_per_piece", all.counted / static_cast<double>(pieces), 1)
    .print();
}

weight weigh_users(std::uint32_t count) {
  auto event = guild_maker{count}.event(0);
  event.members->resize(count);
  cache::user_table users;
  std::vector<cache::user_ref> kept(event.members->size());
  auto before = heap_bytes();
  for (std::size_t i = 0; i < kept.size(); ++i)
    kept[i] = users.intern(*event.members->at(i).user);
  return {static_cast<double>(heap_bytes() - before), static_cast<double>(users.bytes())};
}

weight weigh_actors(const guild_maker& maker) {
  actor_config config;
  caf::actor_system sys{config};
  caf::scoped_actor self{sys};
  auto event = bare_guild(maker, 0);
  auto directory = make_directory(sys);
  auto ask = [&](const guild_actor& who) {
    self->request(who, patience, get_guild_counts{})
      .receive([](const guild_counts&) {}, [](const caf::error&) { std::abort(); });
  };
  auto start = [&](std::uint64_t id) {
    event.id = {id};
    auto who = directory->find_or_start(event.id, true).who;
    self->send(who, guild_change{find_guild_effect("GUILD_CREATE"), caf::make_message(event), {}});
    ask(who);
  };
  // What belongs to the threads is nobody's.
  for (std::uint64_t id = 1; id <= 100; ++id)
    start(id);
  auto before = heap_bytes();
  auto counted_before = directory->status().bytes;
  for (std::uint64_t id = 101; id <= 100 + many; ++id)
    start(id);
  auto heap = heap_bytes() - before;
  auto counted = directory->status().bytes - counted_before;
  directory->end_all();
  return {static_cast<double>(heap), static_cast<double>(counted)};
}

void measure_bytes() {
  guild_maker small{1};
  guild_maker large{many};
  auto bare = [&](std::uint32_t i) { return bare_guild(small, i); };
  auto with_channels = [&](std::uint32_t i) {
    auto event = bare_guild(small, i);
    auto channels = small.event(i).channels.value();
    while (event.channels->size() < 100) {
      event.channels->push_back(channels[event.channels->size() % channels.size()]);
      event.channels->back().id.value += 1'000 * event.channels->size();
    }
    return event;
  };
  auto with_members = [&](std::uint32_t i) {
    auto event = large.event(i);
    event.channels->clear();
    event.presences->clear();
    return event;
  };
  static_cast<void>(weigh(1, with_members)); // The buffers of this thread are nobody's.
  auto guilds = weigh(small_guilds, bare);
  print_bytes("guild", guilds, small_guilds);
  print_bytes("guild with its actor", weigh_actors(small), many);
  print_bytes("channel", weigh(small_guilds, with_channels) - guilds, small_guilds * 100);
  print_bytes("member", weigh(large_guilds, with_members) - weigh(large_guilds, bare), large_guilds * many);
  print_bytes("user", weigh_users(many_users), many_users);
}

// -- GUILD_CREATE -------------------------------------------------------------------------------------------

void measure_creates(std::uint32_t members) {
  guild_maker maker{members};
  auto text = maker.text(0);
  auto users = std::make_shared<cache::user_table>();
  auto rounds = 20'000 / members;
  auto decode = 1e9;
  auto both = 1e9;
  for (auto round = 0; round < 3; ++round) {
    auto start = thread_cpu_seconds();
    for (std::uint32_t i = 0; i < rounds; ++i)
      static_cast<void>(guild_maker::decode(text));
    decode = std::min(decode, thread_cpu_seconds() - start);
    start = thread_cpu_seconds();
    for (std::uint32_t i = 0; i < rounds; ++i) {
      auto decoded = guild_maker::decode(text);
      const auto& event = decoded.get_as<guild_create>(0);
      cache::guild_state state{event.id, cache::settings{}, users};
      state.apply(event);
    }
    both = std::min(both, thread_cpu_seconds() - start);
  }
  json_line{"guild_cache"}
    .with("work", "GUILD_CREATE")
    .with("members", std::uint64_t{members})
    .with("decode_us", decode / rounds * 1e6, 1)
    .with("decode_and_keep_us", both / rounds * 1e6, 1)
    .with("guilds_per_second", rounds / both, 0)
    .with("ratio", both / decode, 2)
    .print();
}

// -- questions ----------------------------------------------------------------------------------------------

/// Asks one question after the other, with some always on their way.
template <class Question>
struct asker_state {
  caf::event_based_actor* self = nullptr;
  caf::actor whom;
  snowflake guild;
  std::vector<Question> questions;
  std::uint64_t left = 0;
  std::uint64_t answered = 0;

  void ask() {
    if (left == 0)
      return;
    --left;
    auto on_answer = [this](const cache::answer_to<Question>&) {
      ++answered;
      ask();
    };
    self->request(whom, patience, questions[left % questions.size()], guild).then(on_answer, [](const caf::error&) {
      std::abort();
    });
  }
};

/// CPU seconds. All actors run in this thread: how well threads share their work is not asked here.
template <class Question>
double ask_actor(testing::deterministic& world, const caf::actor& whom, snowflake guild,
                 const std::vector<Question>& what, std::uint64_t count) {
  asker_state<Question> state{.whom = whom, .guild = guild, .questions = what, .left = count};
  auto start = thread_cpu_seconds();
  world.sys.spawn([&state](caf::event_based_actor* self) {
    state.self = self;
    for (std::size_t i = 0; i < in_flight; ++i)
      state.ask();
  });
  world.settle();
  auto used = thread_cpu_seconds() - start;
  if (state.answered != count)
    std::abort();
  return used;
}

/// Two actors as GUILDS and the guild are, one of which knows the answer.
template <class Question>
caf::actor spawn_constant(testing::deterministic& world, const cache::answer_to<Question>& answer) {
  auto guild = world.spawn(
    [answer](caf::event_based_actor*) -> caf::behavior { return {[answer](const Question&) { return answer; }}; });
  return world.spawn([guild](caf::event_based_actor* self) -> caf::behavior {
    return {[self, guild](const Question& what, snowflake) { return self->delegate(guild, what); }};
  });
}

/// CPU seconds of `look(question)`, whose answers are counted.
template <class Question, class Look>
double ask_directly(const std::vector<Question>& what, std::uint64_t count, Look look) {
  std::uint64_t found = 0;
  auto start = thread_cpu_seconds();
  for (std::uint64_t i = 0; i < count; ++i)
    found += look(what[i % what.size()]) ? 1 : 0;
  auto used = thread_cpu_seconds() - start;
  if (found != count)
    std::abort();
  return used;
}

/// A guild, kept in three ways.
class asked_guild {
public:
  asked_guild() : guild_{guild_maker{many}.event(0)}, directory_{make_directory(world_.sys)} {
    state_.apply(guild_);
    auto who = directory_->find_or_start(guild_.id, true).who;
    caf::anon_send(who, guild_change{find_guild_effect("GUILD_CREATE"), caf::make_message(guild_), {}});
    guilds_ = world_.spawn(guilds, directory_);
    world_.settle();
  }

  ~asked_guild() {
    directory_->end_all();
    world_.settle();
  }

  /// @param find looks the answer up in a map of structs, and copies it.
  template <class Question, class Find>
  void measure(const char* name, const std::vector<Question>& what, std::uint64_t count, Find find) {
    auto constant = spawn_constant<Question>(world_, state_.answer(what.front()).value());
    auto direct = 1e9;
    auto map = 1e9;
    auto asked = 1e9;
    auto known = 1e9;
    for (auto round = 0; round < 5; ++round) {
      direct =
        std::min(direct, ask_directly(what, count, [&](const Question& q) { return state_.answer(q).has_value(); }));
      map = std::min(map, ask_directly(what, count, find));
      asked = std::min(asked, ask_actor(world_, caf::actor_cast<caf::actor>(guilds_), guild_.id, what, count));
      known = std::min(known, ask_actor(world_, constant, guild_.id, what, count));
    }
    auto number = static_cast<double>(count);
    json_line{"guild_cache"}
      .with("question", name)
      .with("way", "direct")
      .with("question_us", direct / number * 1e6, 3)
      .with("map_us", map / number * 1e6, 3)
      .with("questions_per_second", number / direct, 0)
      .with("ratio", direct / map, 2)
      .print();
    json_line{"guild_cache"}
      .with("question", name)
      .with("way", "actors")
      .with("question_us", asked / number * 1e6, 3)
      .with("constant_us", known / number * 1e6, 3)
      .with("questions_per_second", number / asked, 0)
      .with("ratio", asked / known, 2)
      .print();
  }

  void measure_all(std::uint64_t count);

private:
  guild_create guild_;
  cache::guild_state state_{guild_.id, cache::settings{}, std::make_shared<cache::user_table>()};
  testing::deterministic world_;
  std::shared_ptr<guild_directory> directory_;
  guilds_actor guilds_;
};

void asked_guild::measure_all(std::uint64_t count) {
  std::unordered_map<snowflake, member> members;
  std::vector<get_member> whom;
  std::unordered_map<snowflake, channel> channels;
  std::vector<get_channel> which;
  std::vector<get_permissions> what;
  for (const auto& one : *guild_.channels) {
    channels[one.id] = one;
    which.push_back({one.id});
  }
  for (const auto& one : *guild_.members) {
    members[one.user->id] = one;
    whom.push_back({one.user->id});
    what.push_back({which[what.size() % which.size()].channel, one.user->id});
  }
  // Both that the answer needs.
  auto both = [&](const get_permissions& q) {
    auto who = std::make_unique<member>(members.at(q.user));
    auto where = std::make_unique<channel>(channels.at(q.channel));
    return who && where;
  };
  measure("get_member", whom, count,
          [&](const auto& q) { return std::make_unique<member>(members.at(q.user)) != nullptr; });
  measure("get_channel", which, count,
          [&](const auto& q) { return std::make_unique<channel>(channels.at(q.channel)) != nullptr; });
  measure("get_permissions", what, count, both);
}

} // namespace

int main(int argc, char** argv) {
  auto count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000ull;
  measure_bytes();
  for (auto members : {100u, 1'000u})
    measure_creates(members);
  asked_guild{}.measure_all(count);
}
