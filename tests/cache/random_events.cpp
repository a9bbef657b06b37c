// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cache/random_events.hpp"

#include <array>
#include <string>
#include <utility>

namespace troupe::testing {

namespace {

constexpr snowflake the_guild{100};

/// Makes what chance made fit into one guild.
class fitter {
public:
  fitter(filler& any, std::uint64_t& newest_message) : any_{any}, newest_message_{newest_message} {
    // nop
  }

  // -- objects -----------------------------------------------------------------------------------------

  snowflake channel_id() {
    return {11 + any_.below(6)};
  }
  snowflake thread_id() {
    return {21 + any_.below(6)};
  }
  snowflake text_id() {
    return any_.one_in(3) ? thread_id() : channel_id();
  }
  snowflake role_id() {
    return any_.one_in(4) ? the_guild : snowflake{51 + any_.below(5)};
  }
  snowflake message_id() {
    return any_.one_in(10) ? thread_id() : snowflake{newest_message_ - any_.below(30)};
  }

  void fit(role& what) {
    what.id = role_id();
  }
  void fit(member& what) {
    if (!what.user && !any_.one_in(3))
      any_.fill(what.user.emplace());
    what.roles.clear();
    for (auto left = any_.below(4); left > 0; --left)
      what.roles.push_back(role_id());
  }
  void fit_channel(channel& what) {
    constexpr std::array types{channel_type::guild_text, channel_type::guild_voice, channel_type::guild_forum,
                               channel_type::guild_media, channel_type::guild_stage_voice};
    what.id = channel_id();
    what.type = types[any_.below(types.size())];
    fit_overwrites(what);
  }
  void fit_thread(channel& what) {
    constexpr std::array types{channel_type::announcement_thread, channel_type::public_thread,
                               channel_type::private_thread};
    what.id = thread_id();
    what.type = types[any_.below(types.size())];
    if (!any_.one_in(8))
      what.parent_id = channel_id();
    if (what.thread_metadata)
      what.thread_metadata->archived = any_.one_in(4);
    if (what.message_count)
      what.message_count = static_cast<std::int32_t>(any_.below(3));
    if (what.total_message_sent)
      what.total_message_sent = static_cast<std::int32_t>(any_.below(3));
    fit_overwrites(what);
  }
  void fit_overwrites(channel& what) {
    if (what.permission_overwrites)
      for (auto& one : *what.permission_overwrites) {
        one.type = any_.one_in(2) ? overwrite_type::role : overwrite_type::member;
        if (one.type == overwrite_type::role)
          one.id = role_id();
      }
    if (what.last_message_id && !any_.one_in(3))
      what.last_message_id = message_id();
  }
  void fit(presence& what) {
    constexpr std::array statuses{"online", "idle", "dnd", "offline"};
    if (what.status)
      what.status = statuses[any_.below(statuses.size())];
  }
  void fit(voice_state& what) {
    if (what.channel_id)
      what.channel_id = channel_id();
    if (what.member)
      fit(*what.member);
  }
  void fit(stage_instance& what) {
    what.id = {1 + any_.below(4)};
    what.channel_id = channel_id();
  }
  void fit(scheduled_event& what) {
    what.id = {1 + any_.below(4)};
    what.status = static_cast<scheduled_event_status>(1 + any_.below(any_.one_in(3) ? 4 : 2));
    if (what.user_count)
      what.user_count = static_cast<std::int32_t>(any_.below(3));
  }
  void fit(soundboard_sound& what) {
    what.sound_id = {1 + any_.below(4)};
  }
  void fit(emoji& what) {
    what.id.reset();
    what.name = std::string(1, static_cast<char>('a' + any_.below(3)));
    if (any_.one_in(2))
      what.id = snowflake{1 + any_.below(3)};
  }
  void fit(message& what) {
    what.id = message_id();
    what.channel_id = text_id();
    if (!any_.one_in(4))
      what.webhook_id.reset();
    if (what.reactions)
      for (auto& one : *what.reactions) {
        fit(one.emoji);
        one.count = 1 + static_cast<std::int32_t>(any_.below(2));
        if (one.count_details)
          one.count_details = reaction_counts{1, 0};
      }
    if (what.poll && (*what.poll)->results) {
      auto changed = **what.poll;
      for (auto& one : changed.results->answer_counts)
        one = {static_cast<std::int32_t>(1 + any_.below(3)), 1, false};
      what.poll = std::move(changed);
    }
  }

  // -- lists -------------------------------------------------------------------------------------------

  template <class List, class Fit>
  void fit_each(List& list, Fit fit_one) {
    if constexpr (requires { *list; }) {
      if (list)
        fit_each(*list, fit_one);
    } else {
      for (auto& one : list)
        fit_one(one);
    }
  }
  auto fitting() {
    return [this](auto& one) { fit(one); };
  }
  auto fitting_channel() {
    return [this](channel& one) { fit_channel(one); };
  }
  auto fitting_thread() {
    return [this](channel& one) { fit_thread(one); };
  }
  void fit_guild(guild& what) {
    what.id = the_guild;
    fit_each(what.roles, fitting());
    if (!what.roles.empty())
      what.roles.front().id = the_guild;
  }

  // -- events ------------------------------------------------------------------------------------------

  template <class Event>
  void event(Event& what) {
    if constexpr (requires { what.channel_id; })
      what.channel_id = channel_id();
    if constexpr (requires { what.message_id; }) {
      what.channel_id = text_id();
      what.message_id = message_id();
    }
    if constexpr (requires { what.emoji; })
      fit(what.emoji);
    if constexpr (requires { what.answer_id; })
      what.answer_id = static_cast<std::int32_t>(1 + any_.below(3));
    if constexpr (requires { what.member->roles; })
      if (what.member)
        fit(*what.member);
    if constexpr (requires { what.code; })
      what.code = "a code that is long enough to be on the heap " + std::to_string(any_.below(5));
    special(what);
  }

private:
  template <class Event>
  void special(Event& what) {
    if constexpr (requires { fit(what); })
      fit(what);
  }
  void special(guild_create& what) {
    fit_guild(what);
    if (what.unavailable)
      what.unavailable = any_.one_in(4);
    fit_each(what.channels, fitting_channel());
    fit_each(what.threads, fitting_thread());
    fit_each(what.members, fitting());
    fit_each(what.presences, fitting());
    fit_each(what.voice_states, fitting());
    fit_each(what.stage_instances, fitting());
    fit_each(what.guild_scheduled_events, fitting());
    fit_each(what.soundboard_sounds, fitting());
    what.member_count = static_cast<std::int32_t>(any_.below(4));
  }
  void special(guild_update& what) {
    fit_guild(what);
  }
  void special(guild_delete& what) {
    what.id = the_guild;
    if (!any_.one_in(3))
      what.unavailable = true;
  }
  void special(channel_create& what) {
    fit_channel(what);
  }
  void special(channel_update& what) {
    fit_channel(what);
  }
  void special(channel_delete& what) {
    fit_channel(what);
  }
  void special(channel_info& what) {
    for (auto& one : what.channels)
      one.id = channel_id();
  }
  void special(channel_pins_update& what) {
    what.channel_id = text_id();
  }
  void special(voice_channel_status_update& what) {
    what.id = channel_id();
  }
  void special(voice_channel_start_time_update& what) {
    what.id = channel_id();
  }
  void special(thread_create& what) {
    fit_thread(what);
  }
  void special(thread_update& what) {
    fit_thread(what);
  }
  void special(thread_delete& what) {
    what.id = thread_id();
  }
  void special(thread_list_sync& what) {
    fit_each(what.channel_ids, [this](snowflake& one) { one = channel_id(); });
    fit_each(what.threads, fitting_thread());
    for (auto& one : what.members)
      one.id = thread_id();
  }
  void special(thread_member_update& what) {
    what.id = thread_id();
  }
  void special(thread_members_update& what) {
    what.id = thread_id();
    if (what.added_members)
      for (auto& one : *what.added_members) {
        if (one.member)
          fit(*one.member);
        if (one.presence)
          fit(*one.presence);
      }
  }
  void special(voice_state_update& what) {
    fit(what);
    if (any_.one_in(3))
      what.channel_id.reset();
  }
  void special(guild_members_chunk& what) {
    fit_each(what.members, fitting());
    fit_each(what.presences, fitting());
  }
  void special(message_create& what) {
    fit(static_cast<message&>(what));
    if (!any_.one_in(4))
      what.id = {++newest_message_};
  }
  void special(message_update& what) {
    if (any_.one_in(4)) {
      auto id = what.id;
      auto channel = what.channel_id;
      auto embeds = what.embeds;
      static_cast<message&>(what) = message{};
      what.embeds = embeds;
      what.id = id;
      what.channel_id = channel;
      if (any_.one_in(2))
        what.content = "unfurled";
    }
    auto author = what.author.id;
    fit(static_cast<message&>(what));
    what.author.id = author;
  }
  void special(message_delete& what) {
    what.id = message_id();
    what.channel_id = text_id();
  }
  void special(message_delete_bulk& what) {
    what.channel_id = text_id();
    what.ids = {message_id(), message_id(), message_id()};
  }
  void special(guild_role_create& what) {
    fit(what.role);
  }
  void special(guild_role_update& what) {
    fit(what.role);
  }
  void special(guild_role_delete& what) {
    what.role_id = role_id();
  }
  void special(guild_soundboard_sounds_update& what) {
    fit_each(what.soundboard_sounds, fitting());
  }
  void special(soundboard_sounds& what) {
    fit_each(what.soundboard_sounds_, fitting());
  }
  void special(guild_scheduled_event_user_add& what) {
    what.guild_scheduled_event_id = {1 + any_.below(4)};
  }
  void special(guild_scheduled_event_user_remove& what) {
    what.guild_scheduled_event_id = {1 + any_.below(4)};
  }

  filler& any_;
  std::uint64_t& newest_message_;
};

} // namespace

any_event event_maker::next() {
  constexpr auto count = std::variant_size_v<any_event>;
  auto which = any_.below(count);
  // GUILD_CREATE and GUILD_DELETE forget so much that they must be rare.
  if (which <= 2 && !any_.one_in(5))
    which = 24 + any_.below(10);
  any_event made;
  boost::mp11::mp_with_index<count>(which, [&](auto index) {
    auto& event = made.emplace<index>();
    any_.fill(event);
    fitter{any_, newest_message_}.event(event);
  });
  return made;
}

} // namespace troupe::testing
