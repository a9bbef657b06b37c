// SPDX-License-Identifier: BSD-3-Clause
// Everything that a bot needs: `#include <troupe/troupe.hpp>`.
#pragma once

#include "messages/bot.hpp"
#include "messages/command.hpp"
#include "messages/discord/events.hpp"
#include "messages/guild_cache.hpp"
#include "messages/inspect.hpp"
#include "messages/interfaces.hpp"
#include "messages/lifecycle.hpp"
#include "messages/previous.hpp"
#include "messages/rest.hpp"
#include "messages/shard.hpp"
#include "messages/supervision.hpp"

#include "actors/bot.hpp"
#include "actors/run.hpp"
#include "actors/supervision/carry_exceptions.hpp"
#include "actors/supervision/supervisor.hpp"
#include "actors/system.hpp"

#include <caf/behavior.hpp>
