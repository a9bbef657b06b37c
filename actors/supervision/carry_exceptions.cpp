// SPDX-License-Identifier: BSD-3-Clause
#include "actors/supervision/carry_exceptions.hpp"

namespace troupe {

error describe_exception(const std::exception_ptr& thrown, const std::string& where) {
  auto prefix = where.empty() ? where : where + ": ";
  try {
    std::rethrow_exception(thrown);
  } catch (const error_exception& known) {
    return {known.reason.code == errc::none ? errc::internal : known.reason.code, prefix + known.reason.detail};
  } catch (const std::exception& unknown) {
    return {errc::internal, prefix + "exception: " + unknown.what()};
  } catch (...) {
    return {errc::internal, prefix + "something was thrown that is no std::exception"};
  }
}

} // namespace troupe
