// SPDX-License-Identifier: BSD-3-Clause
// The near end of the tests: a context with short deadlines and a recorder for what a WebSocket reports.
#pragma once

#include "runtime/net/client_context.hpp"
#include "runtime/net/self_signed.hpp"
#include "runtime/net/websocket.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace troupe::test {

/// A file that is gone with its object.
class temporary_file {
public:
  explicit temporary_file(const std::string& content);
  ~temporary_file();
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  [[nodiscard]] const std::string& path() const noexcept {
    return path_;
  }

private:
  std::string path_;
};

/// Throws where the options are refused.
std::shared_ptr<net::client_context> make_context(net::client_options options = {});

/// Trusts the authority of `pair` only.
std::shared_ptr<net::client_context> make_context(const net::certificate_pair& pair, net::client_options options = {});

/// Something to wait for, from another thread.
class milestone {
public:
  void reach();
  /// Waits up to ten seconds, far beyond every deadline in these tests.
  [[nodiscard]] bool wait();

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reached_ = false;
};

/// A WebSocket and everything that it reported.
class recorder {
public:
  struct record {
    bool opened = false;
    std::vector<std::shared_ptr<const frame_batch>> batches;
    std::vector<std::uint64_t> written;
    std::vector<net::websocket_end> ends;

    [[nodiscard]] std::vector<std::string> texts() const;
  };

  recorder(std::shared_ptr<net::client_context> context, const std::string& url);

  /// Waits until `condition` holds, up to ten seconds. Returns whether it does.
  bool wait(const std::function<bool(const record&)>& condition);
  bool wait_open();
  /// Waits for the end; throws where it does not come.
  net::websocket_end wait_end();
  record now();

  net::websocket& socket() {
    return *socket_;
  }
  void drop() {
    socket_.reset();
  }

private:
  struct shared {
    std::mutex mutex;
    std::condition_variable changed;
    record seen;
  };

  std::shared_ptr<shared> shared_ = std::make_shared<shared>();
  std::shared_ptr<net::websocket> socket_;
};

} // namespace troupe::test
