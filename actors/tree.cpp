// SPDX-License-Identifier: BSD-3-Clause
//
//   root (rest_for_one: a restart of one restarts those below it)
//   ├── lifecycle        tells everyone who asked what happens
//   ├── subscriptions    who wants which events
//   ├── sessions         what must outlive shards
//   ├── rest             HTTPS
//   ├── identify_queue   who may identify, and when
//   ├── shard_set        where each shard is
//   ├── guilds           questions about guilds, whose actors come with their events
//   ├── bots             (one_for_one) the users' actors; of a bot per shard a supervisor with one for each
//   ├── shards           (simple) one child per shard, each with its connection and its ratelimiter
//   └── node_agent       asks Discord which shards are to run, and has them started
#include "actors/tree.hpp"

#include "messages/inspect.hpp"
#include "messages/lifecycle.hpp"
#include "messages/shard.hpp"

#include "runtime/log/log.hpp"

#include "actors/guild_bots.hpp"
#include "actors/guild_cache.hpp"
#include "actors/guilds.hpp"
#include "actors/identify_queue.hpp"
#include "actors/lifecycle.hpp"
#include "actors/node_agent.hpp"
#include "actors/sessions.hpp"
#include "actors/shard_set.hpp"
#include "actors/subscriptions.hpp"
#include "actors/supervision/supervisor.hpp"
#include "actors/system.hpp"

#include <caf/actor_addr.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>

namespace troupe {

namespace {

using namespace std::chrono_literals;

// Longer than a shard's drain and its close handshake together.
constexpr auto shard_shutdown = 10s;
// A supervisor stops its children by their own deadlines.
constexpr auto supervisor_shutdown = 25s;
// A supervisor has started when all its children have.
constexpr auto supervisor_start = 60s;
constexpr auto bot_shutdown = 5s;
// A shard asks for its session and its subscriptions before it does anything that could fail.
constexpr auto shard_start = 30s;

constexpr auto root_path = "root";

} // namespace

/// Where each actor of the tree is. Weak references: the supervisors own the actors.
class tree_places {
public:
  void put(const std::string& path, const caf::actor& who) {
    std::lock_guard guard{mutex_};
    known_[path] = who.address();
  }

  void drop(const std::string& path) {
    std::lock_guard guard{mutex_};
    known_.erase(path);
  }

  [[nodiscard]] caf::actor find(std::string_view path) const {
    std::lock_guard guard{mutex_};
    auto found = known_.find(path);
    return found == known_.end() ? caf::actor{} : alive(found->second);
  }

  template <class Handle>
  [[nodiscard]] Handle get(std::string_view id) const {
    return caf::actor_cast<Handle>(find(std::string{root_path} + "/" + std::string{id}));
  }

  [[nodiscard]] std::vector<std::string> paths() const {
    std::lock_guard guard{mutex_};
    std::vector<std::string> all;
    for (const auto& [path, who] : known_)
      if (alive(who))
        all.push_back(path);
    return all;
  }

private:
  static caf::actor alive(const caf::actor_addr& who) {
    auto strong = caf::actor_cast<caf::strong_actor_ptr>(who);
    if (strong == nullptr || strong->get()->getf(caf::abstract_actor::is_terminated_flag))
      return {};
    return caf::actor_cast<caf::actor>(strong);
  }

  mutable std::mutex mutex_;
  std::map<std::string, caf::actor_addr, std::less<>> known_;
};

namespace {

/// Makes the specs of one tree. Start functions own it together: they run as long as the tree stands.
class planner : public std::enable_shared_from_this<planner> {
public:
  planner(caf::actor_system& sys, tree_dependencies deps, std::shared_ptr<tree_places> places)
    : deps_{std::move(deps)}, places_{std::move(places)} {
    if (!deps_.settings.cache.any())
      return;
    guilds_ = make_directory(sys);
    if (!deps_.settings.intents->has(intent::guilds))
      log::warn("Without the intent guilds the caches stay empty: add it, or leave `cache.resources` out.");
  }

  supervisor_spec root() {
    auto spec = supervisor(root_path, supervision::strategy::rest_for_one);
    spec.children = {
      worker("lifecycle", [](planner&, const child_context& at) { return at.system.spawn(lifecycle); }),
      worker("subscriptions",
             [](planner& the, const child_context& at) {
               return at.system.spawn(subscriptions_with, subscriptions_settings{.caches = the.guilds_ != nullptr});
             }),
      worker("sessions", [](planner& the, const child_context& at) { return the.start_sessions(at); }),
      worker("rest", [](planner& the, const child_context& at) { return the.start_rest(at); }),
      worker("identify_queue", [](planner& the, const child_context& at) { return the.start_queue(at); }),
      worker("shard_set",
             [](planner& the, const child_context& at) {
               return at.system.spawn(shard_set, shard_set_dependencies{.runner = the.deps_.runner});
             }),
      worker("guilds", [](planner& the, const child_context& at) { return at.system.spawn(guilds, the.guilds_); }),
      nested("bots", [](planner& the, const child_context& at) { return the.bots(at.path); }),
      nested("shards", [](planner& the, const child_context& at) { return the.shards(at.path); }),
      worker("node_agent", [](planner& the, const child_context& at) { return the.start_node_agent(at); }),
    };
    return spec;
  }

  /// What the bots of this tree work with.
  static bot_services services(const tree_places& places) {
    return {places.get<subscriptions_actor>("subscriptions"), places.get<lifecycle_actor>("lifecycle"),
            places.get<rest_actor>("rest"), places.get<shard_set_actor>("shard_set"),
            places.get<guilds_actor>("guilds")};
  }

private:
  supervisor_spec bots(std::string path) {
    auto spec = supervisor(std::move(path), supervision::strategy::one_for_one);
    spec.on_report = [the = shared_from_this()](const supervision::report& what) { the->report_bot(what); };
    for (const auto& plan : deps_.bots) {
      if (plan.where == placement::per_shard)
        spec.children.push_back(nested(
          plan.name, [plan](planner& the, const child_context& at) { return the.bots_of_shards(at.path, plan); }));
      else
        spec.children.push_back(with(worker(plan.name,
                                            [plan](planner& the, const child_context& at) {
                                              return plan.where == placement::per_guild ? the.start_front(at, plan)
                                                                                        : the.start_bot(at, plan, {});
                                            }),
                                     restart_type::transient, bot_shutdown));
    }
    return spec;
  }

  /// One bot for each shard that was ordered so far; the others come with the orders.
  supervisor_spec bots_of_shards(std::string path, const bot_plan& plan) {
    auto spec = supervisor(std::move(path), supervision::strategy::one_for_one);
    spec.flags.intensity = shards_intensity;
    spec.on_report = [the = shared_from_this()](const supervision::report& what) { the->report_bot(what); };
    std::lock_guard guard{mutex_};
    for (auto index : ordered_)
      spec.children.push_back(bot_of_shard(plan, index));
    return spec;
  }

  child_spec bot_of_shard(const bot_plan& plan, std::uint32_t index) {
    return with(worker(std::to_string(index),
                       [plan, index](planner& the, const child_context& at) {
                         auto mine = plan;
                         mine.name += "/" + std::to_string(index);
                         return the.start_bot(at, mine, {.shard = index});
                       }),
                restart_type::transient, bot_shutdown);
  }

  /// The orders for the bots of a shard, which run before it.
  std::vector<std::pair<supervisor_actor, start_child>> order_bots(shard_id which) {
    {
      std::lock_guard guard{mutex_};
      ordered_.insert(which.index);
    }
    std::vector<std::pair<supervisor_actor, start_child>> orders;
    for (const auto& plan : deps_.bots)
      if (plan.where == placement::per_shard)
        orders.emplace_back(places_->get<supervisor_actor>("bots/" + plan.name),
                            start_child{bot_of_shard(plan, which.index)});
    return orders;
  }

  supervisor_spec shards(std::string path) {
    {
      std::lock_guard guard{mutex_};
      gone_.clear();
    }
    auto spec = supervisor(std::move(path), supervision::strategy::simple);
    spec.flags.intensity = shards_intensity;
    spec.on_report = [the = shared_from_this()](const supervision::report& what) { the->report_shard(what); };
    // Transient: a shard that left by order, or met a fatal close code, stays away.
    spec.children = {with(worker("shard", [](planner& the, const child_context& at) { return the.start_shard(at); }),
                          restart_type::transient, shard_shutdown)};
    spec.children.front().start_timeout = shard_start;
    return spec;
  }

  /// From here on shards are of this count and dial this URL. @returns the order for one of them; none where it left
  /// for good, by order or after a fatal close code: the next node agent must not bring it back.
  std::optional<start_child> order_shard(shard_id which, const std::string& main_url) {
    std::lock_guard guard{mutex_};
    if (gone_.contains(which.index))
      return std::nullopt;
    shard_count_ = which.count;
    main_url_ = main_url;
    start_child order;
    order.spec.id = std::to_string(which.index);
    return order;
  }

  // -- what all specs have in common ---------------------------------------------------------------------

  supervisor_spec supervisor(std::string path, supervision::strategy strategy) {
    supervisor_spec spec;
    spec.path = std::move(path);
    spec.flags.strategy = strategy;
    // A gateway must not stay dead after an outage.
    spec.flags.when_exhausted = supervision::exhaustion::degrade;
    spec.on_report = [the = shared_from_this()](const supervision::report& what) { the->pass_on(what); };
    spec.seed = deps_.seed + ++seeds_;
    return spec;
  }

  template <class Start>
  child_spec worker(std::string id, Start start) {
    child_spec spec;
    spec.id = std::move(id);
    spec.start = [the = shared_from_this(), start = std::move(start)](const child_context& at) {
      auto who = caf::actor_cast<caf::actor>(start(*the, at));
      the->places_->put(at.path, who);
      return who;
    };
    return spec;
  }

  template <class Make>
  child_spec nested(std::string id, Make make) {
    auto spec = worker(std::move(id), [make = std::move(make)](planner& the, const child_context& at) {
      return at.system.spawn(troupe::supervisor, make(the, at));
    });
    spec.type = child_type::supervisor;
    spec.start_timeout = supervisor_start;
    return with(std::move(spec), restart_type::permanent, supervisor_shutdown);
  }

  static child_spec with(child_spec spec, restart_type restart, std::chrono::milliseconds shutdown) {
    spec.restart = restart;
    spec.shutdown = shutdown;
    return spec;
  }

  // -- starts: handles are read here, because a restart replaces them -------------------------------------

  template <class Store>
  static std::unique_ptr<Store> opened(result<std::unique_ptr<Store>> store) {
    if (!store)
      throw error_exception{store.error()};
    return std::move(*store);
  }

  sessions_actor start_sessions(const child_context& at) {
    sessions_dependencies with{.store = opened(deps_.sessions()), .now = deps_.wall_clock};
    return deps_.detached_stores ? at.system.spawn<caf::detached>(sessions, std::move(with))
                                 : at.system.spawn(sessions, std::move(with));
  }

  rest_actor start_rest(const child_context& at) {
    return caf::actor_cast<rest_actor>(at.system.spawn(rest, rest_dependencies{.transport = deps_.transport,
                                                                               .api_url = deps_.settings.api_url,
                                                                               .token = deps_.settings.token,
                                                                               .seed = deps_.seed + at.start}));
  }

  identify_queue_actor start_queue(const child_context& at) {
    // Nothing is known before Discord was asked: a guess would forget which bucket the ledger means.
    identify_queue_dependencies with{.settings = {.limit = {.total = 0}},
                                     .reserve = deps_.settings.identify_reserve,
                                     .ledger = opened(deps_.ledger()),
                                     .now = deps_.wall_clock};
    return deps_.detached_stores ? at.system.spawn<caf::detached>(identify_queue, std::move(with))
                                 : at.system.spawn(identify_queue, std::move(with));
  }

  caf::actor start_bot(const child_context& at, const bot_plan& plan, const bot_place& place) {
    return at.system.spawn([plan, place, services = services(*places_)](bot* self) {
      self->equip(plan.name, services, place);
      return plan.start(self);
    });
  }

  caf::actor start_front(const child_context& at, const bot_plan& plan) {
    guild_bots_dependencies with{.name = plan.name,
                                 .start = plan.start,
                                 .services = services(*places_),
                                 .idle_after = plan.idle_after,
                                 .path = at.path,
                                 .seed = deps_.seed + at.start};
    with.on_actor = [places = places_, path = at.path](snowflake guild, const caf::actor& who) {
      auto where = path + "/" + to_string(guild);
      who ? places->put(where, who) : places->drop(where);
    };
    return at.system.spawn([with = std::move(with)](bot* self) { return guild_bots(self, with); });
  }

  shard_actor start_shard(const child_context& at) {
    auto which = shard_at(at.path);
    shard_dependencies with;
    with.settings.shard = which;
    with.settings.token = deps_.settings.token;
    with.settings.intents = *deps_.settings.intents;
    with.settings.compression = deps_.settings.compress;
    with.settings.main_url = main_url();
    with.settings.large_threshold = deps_.settings.large_threshold;
    with.settings.presence = deps_.settings.presence;
    with.settings.seed = (deps_.seed ^ which.index) * 0x9e3779b97f4a7c15 + at.start;
    with.connect = deps_.connect;
    with.queue = places_->get<identify_queue_actor>("identify_queue");
    with.lifecycle = places_->get<lifecycle_actor>("lifecycle");
    with.subscriptions = places_->get<subscriptions_actor>("subscriptions");
    with.sessions = places_->get<sessions_actor>("sessions");
    with.shard_set = places_->get<shard_set_actor>("shard_set");
    with.owner = with.shard_set;
    with.guilds = guilds_;
    with.start = at.start;
    with.window = deps_.window;
    with.path = at.path;
    with.on_part = [places = places_, path = at.path](const char* part, const caf::actor& who) {
      places->put(path + "/" + part, who);
    };
    return at.system.spawn(shard, std::move(with));
  }

  /// Guilds come with their events, whatever the supervisors do: their start is no child's.
  [[nodiscard]] std::shared_ptr<guild_directory> make_directory(caf::actor_system& sys) {
    auto made = std::make_shared<std::weak_ptr<guild_directory>>();
    auto directory = std::make_shared<guild_directory>(
      deps_.settings.cache,
      [&sys, made, places = places_, may_list = deps_.settings.intents->has(intent::guild_members)](
        snowflake guild, std::shared_ptr<guild_meter> meter) {
        auto known_in = made->lock();
        return sys.spawn<guild_cache>(guild_cache_dependencies{.guild = guild,
                                                               .kept = known_in->kept(),
                                                               .users = known_in->users(),
                                                               .directory = known_in,
                                                               .meter = std::move(meter),
                                                               .guilds = places->get<guilds_actor>("guilds"),
                                                               .rest = places->get<rest_actor>("rest"),
                                                               .shards = places->get<shard_set_actor>("shard_set"),
                                                               .may_list_members = may_list});
      });
    *made = directory;
    return directory;
  }

  node_agent_actor start_node_agent(const child_context& at) {
    node_agent_dependencies with{
      .selection = deps_.settings.shards,
      .rest = places_->get<rest_actor>("rest"),
      .queue = places_->get<identify_queue_actor>("identify_queue"),
      .shard_set = places_->get<shard_set_actor>("shard_set"),
      .shards = places_->get<supervisor_actor>("shards"),
      .make_shard = [the = shared_from_this()](
                      shard_id which, const std::string& main_url) { return the->order_shard(which, main_url); },
      .make_bots = [the = shared_from_this()](shard_id which) { return the->order_bots(which); },
      .runner = deps_.runner,
      .seed = deps_.seed + at.start,
      .contacted = contacted_};
    return at.system.spawn(node_agent, std::move(with));
  }

  // -- reports --------------------------------------------------------------------------------------------

  template <class Message>
  void announce(const Message& message) {
    if (auto who = places_->get<lifecycle_actor>("lifecycle"))
      caf::anon_send(who, message);
  }

  void pass_on(const supervision::report& what) {
    std::visit([this](const auto& message) { announce(message); }, what);
  }

  void report_bot(const supervision::report& what) {
    pass_on(what);
    const auto* ended = std::get_if<child_exited>(&what);
    // It asked for something wrong, and would ask the same again.
    if (ended != nullptr && remedy_for(ended->reason) == remedy::caller && ended->reason != errc::internal
        && deps_.runner)
      caf::anon_send(deps_.runner, run_failed{ended->reason, ended->detail});
  }

  void report_shard(const supervision::report& what) {
    pass_on(what);
    if (const auto* ended = std::get_if<child_exited>(&what)) {
      crash_ = {ended->reason, ended->detail};
      if (crash_)
        announce(shard_exited{shard_at(ended->path), crash_.code, crash_.detail});
      else
        report_gone(shard_at(ended->path));
    } else if (const auto* again = std::get_if<child_restarting>(&what)) {
      announce(shard_restarting{shard_at(again->path), crash_.code, crash_.detail, again->delay_ms, true});
    }
  }

  void report_gone(shard_id shard) {
    announce(shard_destroyed{shard});
    std::lock_guard guard{mutex_};
    gone_.insert(shard.index);
  }

  [[nodiscard]] shard_id shard_at(std::string_view path) const {
    auto id = path.substr(path.rfind('/') + 1);
    std::lock_guard guard{mutex_};
    shard_id which{0, shard_count_};
    std::from_chars(id.data(), id.data() + id.size(), which.index);
    return which;
  }

  [[nodiscard]] std::string main_url() const {
    std::lock_guard guard{mutex_};
    return main_url_;
  }

  tree_dependencies deps_;
  std::shared_ptr<tree_places> places_;
  /// Null where the caches are off.
  std::shared_ptr<guild_directory> guilds_;
  std::shared_ptr<std::atomic<bool>> contacted_ = std::make_shared<std::atomic<bool>>(false);
  std::atomic<std::uint64_t> seeds_ = 0;
  /// The node agent's plan, read by the supervisor of the shards.
  mutable std::mutex mutex_;
  std::uint32_t shard_count_ = 0;
  std::string main_url_;
  /// Shards that left for good, and all that were ever ordered.
  std::set<std::uint32_t> gone_;
  std::set<std::uint32_t> ordered_;
  /// Of the last shard that ended; only the supervisor of the shards looks at it.
  error crash_;
};

} // namespace

tree tree::raise(caf::actor_system& sys, tree_dependencies deps) {
  tree made;
  made.places_ = std::make_shared<tree_places>();
  auto plan = std::make_shared<planner>(sys, std::move(deps), made.places_);
  made.root_ = sys.spawn(supervisor, plan->root());
  made.places_->put(root_path, caf::actor_cast<caf::actor>(made.root_));
  return made;
}

bot_services tree::services() const {
  return planner::services(*places_);
}

caf::actor tree::find(std::string_view path) const {
  return places_ ? places_->find(path) : caf::actor{};
}

std::vector<std::string> tree::paths() const {
  return places_ ? places_->paths() : std::vector<std::string>{};
}

} // namespace troupe
