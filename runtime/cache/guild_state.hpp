// SPDX-License-Identifier: BSD-3-Clause
// All that is known of one guild (protocol 5.4), changed by events and asked by questions: a plain class, around which
// there is an actor. It owns what is in it: when it goes, all goes. What an event does is said in protocol 5.1 and 5.5.
//
// Sources by subject: guild_snapshot (the guild as a whole), guild_channels, guild_members (with presences and voice),
// guild_messages, guild_changes (the lists), guild_answers, guild_previous.
#pragma once

#include "messages/discord/events.hpp"
#include "messages/error.hpp"
#include "messages/guild_cache.hpp"

#include "runtime/cache/blob.hpp"
#include "runtime/cache/channels.hpp"
#include "runtime/cache/invites.hpp"
#include "runtime/cache/members.hpp"
#include "runtime/cache/messages.hpp"
#include "runtime/cache/packing.hpp"
#include "runtime/cache/permissions_in.hpp"
#include "runtime/cache/settings.hpp"
#include "runtime/cache/user_table.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::cache {

/// Tells the time, against which timeouts are held.
using now_function = timestamp (*)();

/// The system's clock.
[[nodiscard]] timestamp system_now();

/// What is known of one guild. Not thread-safe; the users are.
class guild_state {
public:
  /// @param users shared by all guilds of the node.
  guild_state(snowflake guild, const settings& keep, std::shared_ptr<user_table> users, now_function now = &system_now);

  // -- how it stands -----------------------------------------------------------------------------------

  /// Of the guild.
  [[nodiscard]] snowflake id() const noexcept {
    return id_;
  }
  /// False in an outage: all that was known is kept (protocol 5.5).
  [[nodiscard]] bool available() const noexcept {
    return available_;
  }
  /// Whether the bot left the guild: nothing is known any more. Ends with a GUILD_CREATE.
  [[nodiscard]] bool removed() const noexcept {
    return removed_;
  }
  /// Something may be missing or old. Ends with a GUILD_CREATE that has channels and threads.
  [[nodiscard]] bool dirty() const noexcept {
    return missing_ != 0;
  }
  /// Why it is dirty; empty where it is not.
  [[nodiscard]] const std::string& dirty_because() const noexcept {
    return dirty_because_;
  }
  /// Events were missed. The messages go, for nobody would tell what became of them; the rest may be old.
  void mark_dirty(std::string_view reason);
  /// What it takes from the heap, beside its own size and the users. 0 when nothing is known.
  [[nodiscard]] std::size_t bytes() const noexcept;
  /// Gives up the least valuable until so many bytes are free: the oldest messages, presences, then members who are
  /// offline, not in voice, and were not seen for longest. @returns what it freed, users not counted.
  std::size_t shed(std::size_t bytes);

  // -- events: guild_snapshot.cpp ------------------------------------------------------------------------

  /// All there is; or the answers of a resynchronisation, then without `joined_at`. An absent list is unchanged.
  void apply(const guild_create& event);
  void apply(const guild_update& event);
  void apply(const guild_delete& event);

  // -- events: guild_channels.cpp ------------------------------------------------------------------------

  /// Channels and threads.
  void apply(const channel_create& event);
  void apply(const channel_update& event);
  void apply(const channel_delete& event);
  void apply(const channel_info& event);
  void apply(const channel_pins_update& event);
  void apply(const voice_channel_status_update& event);
  void apply(const voice_channel_start_time_update& event);
  void apply(const thread_create& event);
  void apply(const thread_update& event);
  void apply(const thread_delete& event);
  void apply(const thread_list_sync& event);
  void apply(const thread_member_update& event);
  void apply(const thread_members_update& event);

  // -- events: guild_members.cpp -------------------------------------------------------------------------

  /// Members, presences, voice, and events in which a member comes along.
  void apply(const guild_member_add& event);
  void apply(const guild_member_update& event);
  void apply(const guild_member_remove& event);
  void apply(const guild_members_chunk& event);
  void apply(const presence_update& event);
  void apply(const voice_state_update& event);
  void apply(const interaction_create& event);
  void apply(const typing_start& event);

  // -- events: guild_messages.cpp ------------------------------------------------------------------------

  /// Messages, reactions and votes.
  void apply(const message_create& event);
  void apply(const message_update& event);
  void apply(const message_delete& event);
  void apply(const message_delete_bulk& event);
  void apply(const message_reaction_add& event);
  void apply(const message_reaction_remove& event);
  void apply(const message_reaction_remove_all& event);
  void apply(const message_reaction_remove_emoji& event);
  void apply(const message_poll_vote_add& event);
  void apply(const message_poll_vote_remove& event);

  // -- events: guild_changes.cpp ---------------------------------------------------------------------------

  /// Roles, expressions, stages, scheduled events, invites.
  void apply(const guild_role_create& event);
  void apply(const guild_role_update& event);
  void apply(const guild_role_delete& event);
  void apply(const guild_emojis_update& event);
  void apply(const guild_stickers_update& event);
  void apply(const guild_soundboard_sound_create& event);
  void apply(const guild_soundboard_sound_update& event);
  void apply(const guild_soundboard_sound_delete& event);
  void apply(const guild_soundboard_sounds_update& event);
  void apply(const soundboard_sounds& event);
  void apply(const stage_instance_create& event);
  void apply(const stage_instance_update& event);
  void apply(const stage_instance_delete& event);
  void apply(const guild_scheduled_event_create& event);
  void apply(const guild_scheduled_event_update& event);
  void apply(const guild_scheduled_event_delete& event);
  void apply(const guild_scheduled_event_user_add& event);
  void apply(const guild_scheduled_event_user_remove& event);
  void apply(const invite_create& event);
  void apply(const invite_delete& event);

  // -- what was there before an event, to be asked before `apply`: guild_previous.cpp --------------------------

  /// The object as it is now, which the event would change; nothing where it is not cached.
  [[nodiscard]] std::optional<guild> before(const guild_create& event) const;
  [[nodiscard]] std::optional<guild> before(const guild_update& event) const;
  [[nodiscard]] std::optional<guild> before(const guild_delete& event) const;
  [[nodiscard]] std::optional<channel> before(const channel_update& event) const;
  [[nodiscard]] std::optional<channel> before(const channel_delete& event) const;
  [[nodiscard]] std::optional<channel> before(const channel_pins_update& event) const;
  [[nodiscard]] std::optional<channel> before(const voice_channel_status_update& event) const;
  [[nodiscard]] std::optional<channel> before(const voice_channel_start_time_update& event) const;
  [[nodiscard]] std::optional<channel> before(const thread_create& event) const;
  [[nodiscard]] std::optional<channel> before(const thread_update& event) const;
  [[nodiscard]] std::optional<channel> before(const thread_delete& event) const;
  [[nodiscard]] std::optional<channel> before(const thread_member_update& event) const;
  [[nodiscard]] std::optional<channel> before(const thread_members_update& event) const;
  [[nodiscard]] std::optional<member> before(const guild_member_add& event) const;
  [[nodiscard]] std::optional<member> before(const guild_member_update& event) const;
  [[nodiscard]] std::optional<member> before(const guild_member_remove& event) const;
  [[nodiscard]] std::optional<presence> before(const presence_update& event) const;
  [[nodiscard]] std::optional<voice_state> before(const voice_state_update& event) const;
  [[nodiscard]] std::optional<message> before(const message_update& event) const;
  [[nodiscard]] std::optional<message> before(const message_delete& event) const;
  [[nodiscard]] std::optional<message> before(const message_reaction_add& event) const;
  [[nodiscard]] std::optional<message> before(const message_reaction_remove& event) const;
  [[nodiscard]] std::optional<message> before(const message_reaction_remove_all& event) const;
  [[nodiscard]] std::optional<message> before(const message_reaction_remove_emoji& event) const;
  [[nodiscard]] std::optional<message> before(const message_poll_vote_add& event) const;
  [[nodiscard]] std::optional<message> before(const message_poll_vote_remove& event) const;
  [[nodiscard]] std::optional<role> before(const guild_role_update& event) const;
  [[nodiscard]] std::optional<role> before(const guild_role_delete& event) const;
  [[nodiscard]] std::optional<emoji_list> before(const guild_emojis_update& event) const;
  [[nodiscard]] std::optional<sticker_list> before(const guild_stickers_update& event) const;
  [[nodiscard]] std::optional<soundboard_sound> before(const guild_soundboard_sound_update& event) const;
  [[nodiscard]] std::optional<soundboard_sound> before(const guild_soundboard_sound_delete& event) const;
  [[nodiscard]] std::optional<stage_instance> before(const stage_instance_update& event) const;
  [[nodiscard]] std::optional<stage_instance> before(const stage_instance_delete& event) const;
  [[nodiscard]] std::optional<scheduled_event> before(const guild_scheduled_event_update& event) const;
  [[nodiscard]] std::optional<scheduled_event> before(const guild_scheduled_event_delete& event) const;
  [[nodiscard]] std::optional<scheduled_event> before(const guild_scheduled_event_user_add& event) const;
  [[nodiscard]] std::optional<scheduled_event> before(const guild_scheduled_event_user_remove& event) const;

  // -- questions: guild_answers.cpp ----------------------------------------------------------------------------

  /// Snapshots; `errc::not_cached` where there is nothing, or where it is switched off. Roles that were deleted are
  /// left out of members and overwrites. Voice states come without their member, presences with the id of their user
  /// only.
  [[nodiscard]] result<guild> answer(const get_guild& what) const;
  [[nodiscard]] result<guild_counts> answer(const get_guild_counts& what) const;
  [[nodiscard]] result<channel> answer(const get_channel& what) const;
  [[nodiscard]] result<channel_list> answer(const get_channels& what) const;
  [[nodiscard]] result<channel_list> answer(const get_threads& what) const;
  [[nodiscard]] result<role> answer(const get_role& what) const;
  [[nodiscard]] result<role_list> answer(const get_roles& what) const;
  [[nodiscard]] result<member> answer(const get_member& what) const;
  [[nodiscard]] result<member_page> answer(const get_members& what) const;
  [[nodiscard]] result<presence> answer(const get_presence& what) const;
  [[nodiscard]] result<voice_state> answer(const get_voice_state& what) const;
  [[nodiscard]] result<voice_state_list> answer(const get_voice_states& what) const;
  [[nodiscard]] result<message> answer(const get_message& what) const;
  [[nodiscard]] result<message_page> answer(const get_messages& what) const;
  [[nodiscard]] result<emoji_list> answer(const get_emojis& what) const;
  [[nodiscard]] result<sticker_list> answer(const get_stickers& what) const;
  [[nodiscard]] result<scheduled_event_list> answer(const get_scheduled_events& what) const;
  [[nodiscard]] result<stage_instance_list> answer(const get_stage_instances& what) const;
  [[nodiscard]] result<soundboard_sound_list> answer(const get_soundboard_sounds& what) const;
  [[nodiscard]] result<permissions_answer> answer(const get_permissions& what) const;
  [[nodiscard]] result<members_compared> answer(const compare_members& what) const;

  /// The invites, in the order of their codes.
  [[nodiscard]] std::vector<invite_create> invites() const {
    return invites_.all();
  }

private:
  // Pieces that a dirty guild waits for.
  static constexpr std::uint8_t guild_piece = 1;
  static constexpr std::uint8_t channels_piece = 2;
  static constexpr std::uint8_t threads_piece = 4;

  void forget_all();
  void clear_piece(std::uint8_t piece);
  void set_guild(const guild& what, bool whole);
  void set_lists(const guild_create& event, bool whole);
  [[nodiscard]] std::optional<guild> find_guild() const;

  void put_channel(const channel& what, bool merge = true);
  void put_thread(const channel& what, bool merge = true);
  void remove_channel(snowflake id);
  void remove_thread(snowflake id);
  template <class Change>
  void modify_any_channel(snowflake id, Change change);
  [[nodiscard]] std::optional<channel> find_channel(snowflake id) const;
  void finish(channel& what) const;

  void put_member(const member& what, member_news news, const user* who = nullptr);
  void put_presence(const presence& what);
  void put_voice_state(const voice_state& what);
  [[nodiscard]] std::optional<member> find_member(snowflake user) const;
  [[nodiscard]] std::optional<presence> find_presence(snowflake user) const;
  [[nodiscard]] std::optional<voice_state> find_voice_state(snowflake user) const;
  void finish(member& what) const;
  [[nodiscard]] std::optional<permission_holder> holder(snowflake user) const;

  void put_sound(const soundboard_sound& what);
  void put_scheduled_event(const scheduled_event& what);
  void put_stage(const stage_instance& what);
  void set_emojis(std::vector<emoji> what);
  void set_stickers(std::vector<sticker> what);
  [[nodiscard]] std::optional<emoji_list> find_emojis() const;
  [[nodiscard]] std::optional<sticker_list> find_stickers() const;
  void count_subscriber(snowflake event, std::int32_t difference);
  [[nodiscard]] bool is_bot(snowflake user) const noexcept {
    return user && user == users_->bot();
  }

  snowflake id_;
  std::shared_ptr<user_table> users_;
  now_function now_;
  settings keep_;
  bool available_ = true;
  bool removed_ = false;
  std::uint8_t missing_ = 0;
  std::string dirty_because_;
  snowflake owner_;
  std::int64_t member_count_ = 0;
  std::uint64_t evicted_members_ = 0;
  std::uint64_t evicted_messages_ = 0;
  // The guild without its lists; the lists that come and go as a whole.
  blob guild_;
  blob emojis_;
  blob stickers_;
  packed_table<role> roles_;
  channels channels_;
  channels threads_;
  members members_;
  packed_table<presence> presences_;
  packed_table<voice_state> voice_states_;
  messages messages_;
  packed_table<stage_instance> stages_;
  packed_table<scheduled_event> scheduled_events_;
  packed_table<soundboard_sound> sounds_;
  cache::invites invites_;
};

/// What a guild's state answers to a question.
template <class Question>
using answer_to = std::decay_t<decltype(*std::declval<guild_state&>().answer(std::declval<const Question&>()))>;

} // namespace troupe::cache
