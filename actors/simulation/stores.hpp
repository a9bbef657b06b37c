// SPDX-License-Identifier: BSD-3-Clause
// The stores of a simulated machine: they outlive its processes, and fail when they are told to.
#pragma once

#include "runtime/store/identify_ledger.hpp"
#include "runtime/store/session_store.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace troupe::simulation {

/// One machine's disk. Must outlive the stores that it opens.
class disk {
public:
  /// Opens the stores; fails while the disk does.
  [[nodiscard]] result<std::unique_ptr<store::identify_ledger>> open_ledger();
  [[nodiscard]] result<std::unique_ptr<store::session_store>> open_sessions();

  /// From now on every write fails, or works.
  void fail(bool failing) noexcept {
    failing_ = failing;
  }

  /// Whether writes fail.
  [[nodiscard]] bool fails() const noexcept {
    return failing_;
  }

  /// What a process that starts now would find.
  [[nodiscard]] const std::vector<store::session_record>& sessions() const noexcept {
    return memory_->records;
  }

  /// Called with each session that was written.
  std::function<void(const store::session_record&)> on_stored;
  /// Called with each ledger that was written.
  std::function<void(const gateway::ledger_state&)> on_ledger;
  /// Called when a write failed.
  std::function<void()> on_failed;

private:
  class ledger;
  class session_file;

  [[nodiscard]] result<void> check() const;

  bool failing_ = false;
  gateway::ledger_state ledger_;
  std::shared_ptr<store::session_memory> memory_ = std::make_shared<store::session_memory>();
};

} // namespace troupe::simulation
