// SPDX-License-Identifier: BSD-3-Clause
// Both ends of a connection, on one loop.
#include "runtime/net/self_signed.hpp"
#include "runtime/net/tls_stream.hpp"

#include "tests/catch.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <string>

using namespace troupe;
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

class both_ends {
public:
  both_ends() {
    auto pair = net::make_self_signed({"127.0.0.1"}).value();
    server_.use_certificate(asio::buffer(pair.cert_pem), asio::ssl::context::pem);
    server_.use_private_key(asio::buffer(pair.key_pem), asio::ssl::context::pem);
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    near_socket.connect(acceptor.local_endpoint());
    acceptor.accept(far_socket);
    near_end.emplace(near_socket, client_);
    far_end.emplace(far_socket, server_);
    auto done = [](error_code ec, std::size_t) { REQUIRE_FALSE(ec); };
    near_end->async_handshake(asio::ssl::stream_base::client, done);
    far_end->async_handshake(asio::ssl::stream_base::server, done);
    run();
  }

  /// Until nothing is under way.
  void run() {
    io.run();
    io.restart();
  }

  /// What came of reading at the near end.
  error_code read() {
    std::array<char, 64> bytes{};
    error_code came;
    near_end->async_read_some(asio::buffer(bytes), [&](error_code ec, std::size_t) { came = ec; });
    run();
    return came;
  }

private:
  asio::ssl::context client_{asio::ssl::context::tls_client};
  asio::ssl::context server_{asio::ssl::context::tls_server};

public:
  asio::io_context io;
  tcp::socket near_socket{io};
  tcp::socket far_socket{io};
  std::optional<net::tls_stream> near_end;
  std::optional<net::tls_stream> far_end;
};

} // namespace

TEST_CASE_METHOD(both_ends, "more than the socket takes goes both ways at once", "[net][unit]") {
  std::string there(3'000'001, 'a');
  std::string back(5'000'003, 'b');
  for (std::size_t i = 0; i < back.size(); i += 1 + i / 7)
    back[i] = static_cast<char>('c' + i % 20);
  std::string read_there(there.size(), ' ');
  std::string read_back(back.size(), ' ');
  auto done = [](error_code ec, std::size_t) { CHECK_FALSE(ec); };
  asio::async_write(*near_end, asio::buffer(there), done);
  asio::async_write(*far_end, asio::buffer(back), done);
  asio::async_read(*near_end, asio::buffer(read_back), done);
  asio::async_read(*far_end, asio::buffer(read_there), done);
  run();
  CHECK((read_there == there));
  CHECK((read_back == back));
}

TEST_CASE_METHOD(both_ends, "small buffers are written together", "[net][unit]") {
  std::string header = "header ";
  std::string content = "content";
  std::size_t written = 0;
  near_end->async_write_some(std::array{asio::buffer(header), asio::buffer(content)},
                             [&](error_code, std::size_t bytes) { written = bytes; });
  run();
  CHECK(written == 14);
  std::array<char, 64> bytes{};
  std::size_t read = 0;
  far_end->async_read_some(asio::buffer(bytes), [&](error_code, std::size_t count) { read = count; });
  run();
  CHECK(std::string(bytes.data(), read) == "header content");
}

TEST_CASE_METHOD(both_ends, "no handler runs inside of the call that it was given to", "[net][unit]") {
  std::array<char, 8> bytes{};
  auto ran = false;
  near_end->async_write_some(asio::buffer(bytes), [&](error_code, std::size_t) { ran = true; });
  CHECK_FALSE(ran);
  run();
  CHECK(ran);
}

TEST_CASE_METHOD(both_ends, "an end with a TLS goodbye is told from one without", "[net][unit]") {
  SECTION("with") {
    SSL_shutdown(far_end->native_handle());
    far_socket.close();
    CHECK(read() == asio::error::eof);
  }
  SECTION("without") {
    far_socket.close();
    CHECK(read() == asio::ssl::error::stream_truncated);
  }
  SECTION("with a reset") {
    far_socket.set_option(asio::socket_base::linger{true, 0});
    far_socket.close();
    CHECK(read() == asio::error::connection_reset);
  }
}

TEST_CASE_METHOD(both_ends, "writing to a peer that is gone is an error and no signal", "[net][unit]") {
  far_socket.close();
  std::string text(100'000, 'a');
  error_code came;
  for (auto tries = 0; tries < 3 && !came; ++tries) {
    asio::async_write(*near_end, asio::buffer(text), [&](error_code ec, std::size_t) { came = ec; });
    run();
  }
  CHECK((came == asio::error::broken_pipe || came == asio::error::connection_reset));
}

TEST_CASE_METHOD(both_ends, "closing the socket ends a read that waits", "[net][unit]") {
  std::array<char, 8> bytes{};
  error_code came;
  near_end->async_read_some(asio::buffer(bytes), [&](error_code ec, std::size_t) { came = ec; });
  io.poll();
  CHECK_FALSE(came);
  near_socket.close();
  run();
  CHECK(came == asio::error::operation_aborted);
}
