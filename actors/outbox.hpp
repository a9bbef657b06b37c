// SPDX-License-Identifier: BSD-3-Clause
// What an actor sends in one go. A receiver that was idle is woken once for a whole burst instead of once for each
// message, and finds them all together.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/local_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace troupe {

/// Part of one actor, not thread-safe. Everything leaves in the order in which it was put in.
class outbox {
public:
  /// @param self whose messages these are.
  explicit outbox(caf::local_actor* self) : self_{self} {
    // nop
  }

  /// While one lives, messages wait for its end, or for so many of them that nobody waits long. What has high priority
  /// takes all before it along at once.
  class burst {
  public:
    explicit burst(outbox& of) : of_{of} {
      of_.open_ = true;
    }
    burst(const burst&) = delete;
    burst& operator=(const burst&) = delete;
    ~burst() {
      of_.open_ = false;
      of_.flush();
    }

  private:
    outbox& of_;
  };

  /// Sends a message with this actor as its sender: at once where there is no burst. A struct that nobody shares may be
  /// sent as it is, which costs one allocation less than a `caf::message` of it.
  template <class Handle, class Message>
  void send(const Handle& to, Message what, bool high_priority = false) {
    auto id = high_priority ? caf::make_message_id(caf::message_priority::high) : caf::make_message_id();
    waiting_.emplace_back(caf::actor_cast<caf::strong_actor_ptr>(to),
                          caf::make_mailbox_element(self_->ctrl(), id, {}, std::move(what)));
    if (!open_ || high_priority || waiting_.size() >= most)
      flush();
  }

  /// Sends what waits: before anything is sent in another way to who may be among the receivers.
  void flush() {
    for (auto& one : waiting_)
      one.first->enqueue(std::move(one.second), self_->context());
    waiting_.clear();
  }

private:
  // Waking a receiver's thread costs several times what it does with a message: about a millisecond's worth of events.
  static constexpr std::size_t most = 256;

  caf::local_actor* self_;
  std::vector<std::pair<caf::strong_actor_ptr, caf::mailbox_element_ptr>> waiting_;
  bool open_ = false;
};

} // namespace troupe
