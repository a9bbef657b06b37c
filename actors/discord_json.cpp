// SPDX-License-Identifier: BSD-3-Clause
// Discord's objects and events between nodes: JSON (messages/discord/inspect.hpp).
#include "messages/discord/inspect.hpp"

#include "runtime/codec/json.hpp"

#include <caf/deserializer.hpp>
#include <caf/detail/stringification_inspector.hpp>
#include <caf/sec.hpp>
#include <caf/serializer.hpp>

namespace troupe {

caf::error save_json(caf::serializer& f, const void* from, const codec::struct_codec& how) {
  std::string text;
  codec::encode_from(text, from, how);
  return f(text);
}

caf::error load_json(caf::deserializer& f, void* into, const codec::struct_codec& how) {
  std::string text;
  if (auto err = f(text))
    return err;
  auto padded = codec::padded_copy(text);
  auto failure = codec::decode_into(std::string_view{padded}.substr(0, text.size()), into, how);
  return failure ? caf::error{caf::sec::invalid_argument} : caf::error{};
}

void show_json(caf::detail::stringification_inspector& f, const void* from, const codec::struct_codec& how) {
  std::string text;
  codec::encode_from(text, from, how);
  f(text);
}

} // namespace troupe
