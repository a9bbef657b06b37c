// SPDX-License-Identifier: BSD-3-Clause
// The inside of the client context: what sockets need from it. Separate from client_context.hpp to keep Asio out of the
// rest of the project. Internal to runtime/net.
#pragma once

#include "runtime/net/client_context.hpp"
#include "runtime/net/tls.hpp"
#include "runtime/net/url.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace troupe::net {

/// Something that holds sockets and must let go of them when the context stops.
class stoppable {
public:
  /// Closes everything at once and calls nobody back. Runs on the I/O thread.
  virtual void cut() = 0;

protected:
  ~stoppable() = default;
};

/// Everything but the mutex and the thread belongs to the I/O thread once it runs.
class client_context::impl {
public:
  explicit impl(client_options given) : options{std::move(given)} {
    // nop
  }

  /// Starts the thread, which keeps `self` alive while it runs.
  void start(const std::shared_ptr<impl>& self);
  void stop();
  void cut_all();

  /// The proxy to dial `where` through, or nothing.
  [[nodiscard]] const url* proxy_for(const url& where) const noexcept;

  client_options options;
  std::optional<url> proxy;
  tls_sessions sessions;
  boost::asio::ssl::context tls{boost::asio::ssl::context::tls_client};
  /// Who is told to let go at the end; they enter and leave on the I/O thread.
  std::set<stoppable*> open;
  // After all that the pending operations refer to: it is destroyed first, and they with it.
  boost::asio::io_context io{1};

private:
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::mutex stopping_;
  std::thread thread_;
};

} // namespace troupe::net
