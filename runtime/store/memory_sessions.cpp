// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/session_store.hpp"

#include <utility>

namespace troupe::store {

namespace {

class memory_sessions final : public session_store {
public:
  explicit memory_sessions(std::shared_ptr<session_memory> memory) : memory_{std::move(memory)} {
    // nop
  }

  result<std::vector<session_record>> load() override {
    return memory_->records;
  }

  result<void> save(const std::vector<session_record>& batch) override {
    for (const auto& record : batch) {
      std::erase_if(memory_->records, [&](const session_record& old) {
        return old.shard == record.shard || old.shard.count != record.shard.count;
      });
      if (!record.session_id.empty())
        memory_->records.push_back(record);
    }
    return {};
  }

private:
  std::shared_ptr<session_memory> memory_;
};

} // namespace

std::unique_ptr<session_store> make_memory_sessions(std::shared_ptr<session_memory> memory) {
  return std::make_unique<memory_sessions>(std::move(memory));
}

} // namespace troupe::store
