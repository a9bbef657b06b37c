// SPDX-License-Identifier: BSD-3-Clause
// What becomes of an exception in a handler: CAF ends the actor either way; here its text survives. Separate from
// supervisor.hpp, since every actor of a tree uses it and no other part.
#pragma once

#include "messages/error.hpp"

#include "actors/system.hpp"

#include <exception>
#include <string>
#include <utility>

namespace troupe {

/// The error that an exception stands for: that of an `error_exception`, else `errc::internal` with the exception's
/// text.
/// @param where What threw, for people; may be empty.
[[nodiscard]] error describe_exception(const std::exception_ptr& thrown, const std::string& where);

/// From now on an exception in a handler of this actor ends it with an error that has the exception's text, for its
/// supervisor to log. Call it first in a behaviour function.
template <class Self>
void carry_exceptions(Self* self, std::string name) {
  self->set_exception_handler([name = std::move(name)](std::exception_ptr& thrown) -> caf::error {
    auto reason = describe_exception(thrown, name);
    return make_error(reason.code, std::move(reason.detail));
  });
}

} // namespace troupe
