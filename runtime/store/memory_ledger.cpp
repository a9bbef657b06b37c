// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/identify_ledger.hpp"

namespace troupe::store {

namespace {

class memory_ledger final : public identify_ledger {
public:
  result<gateway::ledger_state> load() override {
    return state_;
  }

  result<void> save(const gateway::ledger_state& state) override {
    state_ = state;
    return {};
  }

private:
  gateway::ledger_state state_;
};

} // namespace

std::unique_ptr<identify_ledger> make_memory_ledger() {
  return std::make_unique<memory_ledger>();
}

} // namespace troupe::store
