// SPDX-License-Identifier: BSD-3-Clause
// The base of all checkers: a name, and what was found.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace troupe::simulation {

/// Watches one promise. What breaks it is remembered as a sentence; a run without any sentence passed.
class checker {
public:
  explicit checker(std::string name) : name_{std::move(name)} {
    // nop
  }
  virtual ~checker() = default;
  checker(const checker&) = delete;
  checker& operator=(const checker&) = delete;

  /// The promise, as reports name it.
  [[nodiscard]] const std::string& name() const noexcept {
    return name_;
  }

  /// "name: what happened", in order. At most a few: what follows a broken promise is noise.
  [[nodiscard]] const std::vector<std::string>& found() const noexcept {
    return found_;
  }

protected:
  void violated(std::string what) {
    if (found_.size() < 5)
      found_.push_back(name_ + ": " + std::move(what));
  }

private:
  std::string name_;
  std::vector<std::string> found_;
};

} // namespace troupe::simulation
