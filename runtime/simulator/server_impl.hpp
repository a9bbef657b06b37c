// SPDX-License-Identifier: BSD-3-Clause
// The inside of the server, shared by its sources: the model's thread and the sockets. Includes Beast: for .cpp files
// of this folder only.
#pragma once

#include "runtime/simulator/model.hpp"
#include "runtime/simulator/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace troupe::simulator {

/// One accepted socket, whatever it turns into.
class peer {
public:
  virtual ~peer() = default;
  /// An effect for this peer's gateway connection.
  virtual void execute(effect what) = 0;
  /// Ends the socket at once.
  virtual void abort() = 0;
};

class server::impl {
public:
  explicit impl(server_options opts);

  [[nodiscard]] result<void> listen();
  void run();
  void stop();

  /// Carries out what the model wants, and plans its next tick. After each input.
  void pump();
  void accept(boost::asio::ip::tcp::acceptor& from, host_kind host);
  /// A /_control request.
  http_reply control(const http_request& request);

  server_options options_;
  std::string api_url_;
  std::string control_url_;
  std::string ca_pem_;
  std::string ca_file_;
  std::string last_summary_;
  std::size_t last_breaches_ = 0;
  bool stopped_ = false;
  std::mutex stop_mutex_;

  boost::asio::io_context io_{1};
  boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
  boost::asio::ip::tcp::acceptor main_{io_};
  boost::asio::ip::tcp::acceptor resume_{io_};
  boost::asio::steady_timer due_{io_};
  std::unique_ptr<simulator::model> model_;
  /// Sockets that are open, and those of gateway connections by their id.
  std::set<std::shared_ptr<peer>> peers_;
  std::map<connection_id, std::shared_ptr<peer>> gateways_;
  /// Effects for connections whose upgrade is still being written.
  std::map<connection_id, std::vector<effect>> early_;
  std::thread thread_;

private:
  [[nodiscard]] result<void> prepare_tls();
};

/// Serves one socket: TLS, then HTTP, then perhaps a WebSocket. It keeps itself alive in `peers_`.
void serve(server::impl& owner, boost::asio::ip::tcp::socket socket, host_kind host, bool mute);

} // namespace troupe::simulator
