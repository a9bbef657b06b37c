// SPDX-License-Identifier: BSD-3-Clause
// How an actor system of ours is set up, and our errors as CAF carries them.
// One of the few headers that a move to CAF 1.x changes (design 16).
#pragma once

#include "messages/error.hpp"
#include "messages/inspect.hpp" // Not used here: whoever sends messages needs it.

#include <caf/actor_system_config.hpp>
#include <caf/error.hpp>

#include <string>
#include <utility>

namespace troupe {

/// The configuration of every actor system of ours: all messages and handles are registered, errors can be rendered,
/// the scheduler shares its work among bounded turns. CAF's own parser is never called: it ignores mistakes silently.
class actor_config : public caf::actor_system_config {
public:
  actor_config();
};

/// Our error in CAF's form; CAF finds it by the type, so that a handler may `return errc::not_ready`.
[[nodiscard]] caf::error make_error(errc code, std::string detail = {});

/// CAF's error in our form. One of CAF's own becomes `errc::actor_unreachable` where nobody answered, else
/// `errc::internal`; its name is the detail.
[[nodiscard]] error to_error(const caf::error& err);

/// Sends a message to oneself after `delay` of the actor's clock. It cannot be cancelled: put an epoch into it.
template <class Self, class Delay, class Message>
void tell_after(Self* self, Delay delay, Message&& message) {
  self->delayed_send(self, delay, std::forward<Message>(message));
}

} // namespace troupe
