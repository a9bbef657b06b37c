// SPDX-License-Identifier: BSD-3-Clause
#include "messages/discord/application.hpp"
#include "messages/discord/attachment.hpp"
#include "messages/discord/component.hpp"
#include "messages/discord/embed.hpp"
#include "messages/discord/message.hpp"
#include "messages/discord/message_events.hpp"
#include "messages/discord/poll.hpp"
#include "messages/discord/resolved.hpp"

#include "runtime/codec/describe_json.hpp"

namespace troupe::codec {

TROUPE_JSON(team_member)
TROUPE_JSON(team)
TROUPE_JSON(install_params)
TROUPE_JSON(integration_type_config)
TROUPE_JSON(application)
TROUPE_JSON(resolved_data)
TROUPE_JSON(attachment)
TROUPE_JSON(poll_media)
TROUPE_JSON(poll_answer)
TROUPE_JSON(poll_answer_count)
TROUPE_JSON(poll_results)
TROUPE_JSON(poll)
TROUPE_JSON(embed_footer)
TROUPE_JSON(embed_media)
TROUPE_JSON(embed_provider)
TROUPE_JSON(embed_author)
TROUPE_JSON(embed_field)
TROUPE_JSON(embed)
TROUPE_JSON(select_option)
TROUPE_JSON(select_default)
TROUPE_JSON(unfurled_media)
TROUPE_JSON(media_gallery_item)
TROUPE_JSON(component)
TROUPE_JSON(channel_mention)
TROUPE_JSON(reaction_counts)
TROUPE_JSON(reaction)
TROUPE_JSON(message_activity)
TROUPE_JSON(message_reference)
TROUPE_JSON(role_subscription_data)
TROUPE_JSON(message_call)
TROUPE_JSON(message_interaction_metadata)
TROUPE_JSON(message_interaction)
TROUPE_JSON(shared_client_theme)
TROUPE_JSON(user_mention)
TROUPE_JSON(message_snapshot)
TROUPE_JSON(message)
TROUPE_JSON(message_create)
TROUPE_JSON(message_update)
TROUPE_JSON(message_delete)
TROUPE_JSON(message_delete_bulk)
TROUPE_JSON(message_reaction_add)
TROUPE_JSON(message_reaction_remove)
TROUPE_JSON(message_reaction_remove_all)
TROUPE_JSON(message_reaction_remove_emoji)
TROUPE_JSON(message_poll_vote_add)
TROUPE_JSON(message_poll_vote_remove)

} // namespace troupe::codec
