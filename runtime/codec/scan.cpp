// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/codec/scan.hpp"

#include "runtime/codec/compression.hpp"
#include "runtime/codec/utf8.hpp"

#include <simdjson.h>

#include <limits>
#include <string>
#include <utility>

namespace troupe::codec {

namespace {

namespace ondemand = simdjson::ondemand;

static_assert(simdjson::SIMDJSON_PADDING <= padding);

simdjson::error_code read_op(ondemand::value value, envelope& into) {
  std::uint64_t number = 0;
  if (auto err = value.get_uint64().get(number))
    return err;
  if (number > std::numeric_limits<std::uint32_t>::max())
    return simdjson::NUMBER_OUT_OF_RANGE;
  into.op = static_cast<std::uint32_t>(number);
  return simdjson::SUCCESS;
}

// `s` and `t` are null but for dispatches; anything else that is odd there does not matter.
simdjson::error_code read_s(ondemand::value value, envelope& into) {
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) == simdjson::SUCCESS)
    into.s = number;
  return simdjson::SUCCESS;
}

simdjson::error_code read_t(ondemand::value value, envelope& into) {
  std::string_view name;
  if (value.get_string().get(name) == simdjson::SUCCESS)
    into.t = name;
  return simdjson::SUCCESS;
}

// simdjson's raw texts reach to the next token: white space after the value is not part of it.
std::string_view trimmed(std::string_view text) {
  auto last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

template <class Container>
simdjson::error_code read_raw(simdjson::simdjson_result<Container> found, envelope& into) {
  Container container;
  if (auto err = std::move(found).get(container))
    return err;
  std::string_view text;
  if (auto err = container.raw_json().get(text))
    return err;
  into.d = trimmed(text);
  return simdjson::SUCCESS;
}

simdjson::error_code read_d(ondemand::value value, envelope& into) {
  ondemand::json_type type{};
  if (auto err = value.type().get(type))
    return err;
  if (type == ondemand::json_type::object)
    return read_raw(value.get_object(), into);
  if (type == ondemand::json_type::array)
    return read_raw(value.get_array(), into);
  into.d = trimmed(value.raw_json_token());
  return simdjson::SUCCESS;
}

simdjson::error_code read_field(ondemand::field& field, envelope& into, bool& has_op) {
  std::string_view key;
  if (field.unescaped_key().get(key) != simdjson::SUCCESS)
    return simdjson::SUCCESS; // A lone surrogate: no key that we know.
  if (key == "op") {
    has_op = true;
    return read_op(field.value(), into);
  }
  if (key == "s")
    return read_s(field.value(), into);
  if (key == "t")
    return read_t(field.value(), into);
  if (key == "d")
    return read_d(field.value(), into);
  return simdjson::SUCCESS;
}

} // namespace

class scanner::impl {
public:
  simdjson::error_code scan(std::string_view text, envelope& into) {
    ondemand::document document;
    // The caller's padding is at least simdjson's own.
    // A parser keeps its buffers: one for each thread, not for each connection.
    thread_local ondemand::parser parser;
    if (auto err = parser.iterate(text.data(), text.size(), text.size() + padding).get(document))
      return err;
    ondemand::object object;
    if (auto err = document.get_object().get(object))
      return err;
    auto has_op = false;
    for (auto each : object) {
      ondemand::field field;
      if (auto err = std::move(each).get(field))
        return err;
      if (auto err = read_field(field, into, has_op))
        return err;
    }
    if (!has_op)
      return simdjson::NO_SUCH_FIELD;
    // A place to read on from means that something follows the object.
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
  }

  std::string_view repair(std::string_view text) {
    repaired_.clear();
    append_repaired(repaired_, text);
    auto size = repaired_.size();
    repaired_.append(padding, '\0');
    return {repaired_.data(), size};
  }

private:
  std::string repaired_;
};

scanner::scanner() : impl_{std::make_unique<impl>()} {
  // nop
}

scanner::~scanner() = default;
scanner::scanner(scanner&&) noexcept = default;
scanner& scanner::operator=(scanner&&) noexcept = default;

result<envelope> scanner::scan(std::string_view text) {
  envelope found;
  auto failure = impl_->scan(text, found);
  if (failure == simdjson::UTF8_ERROR) {
    found = {};
    failure = impl_->scan(impl_->repair(text), found);
  }
  if (failure != simdjson::SUCCESS)
    return error{errc::invalid_payload, simdjson::error_message(failure)};
  return found;
}

} // namespace troupe::codec
