// SPDX-License-Identifier: BSD-3-Clause
#include "actors/simulation/stores.hpp"

#include "runtime/buggify.hpp"

namespace troupe::simulation {

class disk::ledger final : public store::identify_ledger {
public:
  explicit ledger(disk& on) : on_{on} {
    // nop
  }

  result<gateway::ledger_state> load() override {
    return on_.ledger_;
  }

  result<void> save(const gateway::ledger_state& state) override {
    if (auto works = on_.check(); !works)
      return works;
    on_.ledger_ = state;
    if (on_.on_ledger)
      on_.on_ledger(state);
    return {};
  }

private:
  disk& on_;
};

class disk::session_file final : public store::session_store {
public:
  explicit session_file(disk& on) : on_{on}, inner_{store::make_memory_sessions(on.memory_)} {
    // nop
  }

  result<std::vector<store::session_record>> load() override {
    return inner_->load();
  }

  result<void> save(const std::vector<store::session_record>& batch) override {
    if (auto works = on_.check(); !works)
      return works;
    auto saved = inner_->save(batch);
    if (saved && on_.on_stored)
      for (const auto& record : batch)
        on_.on_stored(record);
    return saved;
  }

private:
  disk& on_;
  std::unique_ptr<store::session_store> inner_;
};

result<void> disk::check() const {
  if (!failing_ && !TROUPE_BUGGIFY("a write fails", 0.05))
    return {};
  if (on_failed)
    on_failed();
  return error{errc::store_unavailable, "the simulated disk is full"};
}

result<std::unique_ptr<store::identify_ledger>> disk::open_ledger() {
  return std::unique_ptr<store::identify_ledger>{std::make_unique<ledger>(*this)};
}

result<std::unique_ptr<store::session_store>> disk::open_sessions() {
  return std::unique_ptr<store::session_store>{std::make_unique<session_file>(*this)};
}

} // namespace troupe::simulation
