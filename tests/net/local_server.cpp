// SPDX-License-Identifier: BSD-3-Clause
#include "tests/net/local_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <stdexcept>

namespace troupe::test {

namespace {

struct connection_ended : std::runtime_error {
  connection_ended() : std::runtime_error{"the connection ended"} {
    // nop
  }
};

class plain_peer : public peer {
public:
  explicit plain_peer(int socket) : socket_{socket} {
    // nop
  }

  std::string read_some() override {
    std::array<char, 16384> bytes;
    auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (size <= 0)
      throw connection_ended{};
    return {bytes.data(), static_cast<std::size_t>(size)};
  }

  void send(std::string_view bytes) override {
    while (!bytes.empty()) {
      auto size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0)
        throw connection_ended{};
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
  }

  void reset() override {
    linger off{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &off, sizeof off);
    throw connection_ended{};
  }

  void end() override {
    ::shutdown(socket_, SHUT_WR);
  }

  void limit_sending(std::chrono::milliseconds time) override {
    timeval limit{time.count() / 1000, time.count() % 1000 * 1000};
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }

private:
  int socket_;
};

class tls_peer : public peer {
public:
  tls_peer(int socket, SSL_CTX* context) : plain_{socket}, ssl_{SSL_new(context)} {
    SSL_set_fd(ssl_, socket);
    if (SSL_accept(ssl_) != 1) {
      SSL_free(ssl_);
      throw connection_ended{};
    }
  }

  ~tls_peer() override {
    SSL_free(ssl_);
  }

  std::string read_some() override {
    std::array<char, 16384> bytes;
    auto size = SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    if (size <= 0)
      throw connection_ended{};
    return {bytes.data(), static_cast<std::size_t>(size)};
  }

  void send(std::string_view bytes) override {
    if (SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) <= 0)
      throw connection_ended{};
  }

  void reset() override {
    plain_.reset();
  }

  void end() override {
    plain_.end();
  }

  void limit_sending(std::chrono::milliseconds time) override {
    plain_.limit_sending(time);
  }

private:
  plain_peer plain_;
  SSL* ssl_;
};

std::string frame(unsigned char opcode, std::string_view payload) {
  std::string bytes(1, static_cast<char>(0x80 | opcode));
  auto size = payload.size();
  auto length_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  bytes += static_cast<char>(length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127);
  for (auto shift = (length_bytes - 1) * 8; shift >= 0; shift -= 8)
    bytes += static_cast<char>(size >> shift & 0xff);
  return bytes.append(payload);
}

std::string header(const std::string& head, std::string_view name) {
  auto lower = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  };
  auto at = lower(head).find("\r\n" + lower(std::string{name}) + ": ");
  if (at == std::string::npos)
    return {};
  auto begin = at + 4 + name.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::string accept_key(const std::string& key) {
  auto text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 64> encoded{};
  auto size = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<char*>(encoded.data()), static_cast<std::size_t>(size)};
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::shared_ptr<void> make_tls(const net::certificate_pair& pair) {
  std::shared_ptr<SSL_CTX> context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  auto read = [](const std::string& pem, auto parse) {
    auto memory = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    auto object = parse(memory, nullptr, nullptr, nullptr);
    BIO_free(memory);
    return object;
  };
  auto certificate = read(pair.cert_pem, PEM_read_bio_X509);
  auto key = read(pair.key_pem, PEM_read_bio_PrivateKey);
  SSL_CTX_use_certificate(context.get(), certificate);
  SSL_CTX_use_PrivateKey(context.get(), key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

} // namespace

int client_frame::close_code() const {
  if (opcode != 8 || payload.size() < 2)
    return 0;
  return static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
}

std::string peer::take(std::size_t bytes) {
  while (buffer_.size() < bytes)
    buffer_ += read_some();
  auto taken = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return taken;
}

std::string peer::read_head() {
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    buffer_ += read_some();
  return take(end + 4);
}

std::string peer::read_request() {
  auto head = read_head();
  auto length = header(head, "Content-Length");
  return head + (length.empty() ? "" : take(std::stoul(length)));
}

std::string peer::upgrade() {
  auto head = read_head();
  send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
       + accept_key(header(head, "Sec-WebSocket-Key")) + "\r\n\r\n");
  return head;
}

client_frame peer::read_frame() {
  client_frame result;
  auto start = take(2);
  result.opcode = start[0] & 0x0f;
  result.masked = (start[1] & 0x80) != 0;
  std::size_t size = start[1] & 0x7f;
  if (size >= 126) {
    auto length = take(size == 126 ? 2 : 8);
    size = 0;
    for (unsigned char byte : length)
      size = size << 8 | byte;
  }
  auto mask = result.masked ? take(4) : std::string(4, '\0');
  result.payload = take(size);
  for (std::size_t i = 0; i < size; ++i)
    result.payload[i] = static_cast<char>(result.payload[i] ^ mask[i % 4]);
  return result;
}

void peer::drain() {
  for (;;)
    read_some();
}

std::string text_frame(std::string_view payload) {
  return frame(1, payload);
}

std::string binary_frame(std::string_view payload) {
  return frame(2, payload);
}

std::string close_frame(std::uint16_t code, std::string_view reason) {
  if (code == 0)
    return frame(8, "");
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return frame(8, payload.append(reason));
}

std::string http_answer(int status, std::string_view body, std::string_view more_headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"
         + std::string{more_headers} + "\r\n" + std::string{body};
}

void tunnel(peer& client, std::uint16_t port) {
  auto socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(port);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    throw connection_ended{};
  }
  plain_peer server{socket};
  auto carry = [](peer& from, peer& to) {
    try {
      for (;;)
        to.send(from.read_some());
    } catch (const connection_ended&) {
      to.end();
    }
  };
  std::thread back{[&] { carry(server, client); }};
  carry(client, server);
  ::shutdown(socket, SHUT_RDWR);
  back.join();
  ::close(socket);
}

local_server::local_server(script play, std::optional<net::certificate_pair> tls)
  : play_{std::move(play)}, tls_{tls ? make_tls(*tls) : nullptr} {
  std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL.
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 64) != 0
      || ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error{"no port on loopback"};
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread{[this] { accept_all(); }};
}

local_server::~local_server() {
  {
    std::scoped_lock lock{mutex_};
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    for (auto& each : running_)
      if (each.socket >= 0)
        ::shutdown(each.socket, SHUT_RDWR);
  }
  acceptor_.join();
  for (auto& each : running_)
    each.thread.join();
  ::close(listener_);
}

std::string local_server::url(std::string_view scheme, std::string_view host) const {
  return std::string{scheme} + "://" + std::string{host} + ":" + std::to_string(port_);
}

void local_server::accept_all() {
  for (;;) {
    auto socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0)
      return;
    std::scoped_lock lock{mutex_};
    ++accepted_;
    auto& entry = running_.emplace_back(running{socket, {}});
    if (stopping_)
      ::shutdown(socket, SHUT_RDWR);
    entry.thread = std::thread{[this, &entry, socket] {
      serve(socket);
      std::scoped_lock closing{mutex_};
      entry.socket = -1;
      ::close(socket);
    }};
  }
}

void local_server::serve(int socket) {
  try {
    std::unique_ptr<peer> client;
    if (tls_)
      client = std::make_unique<tls_peer>(socket, static_cast<SSL_CTX*>(tls_.get()));
    else
      client = std::make_unique<plain_peer>(socket);
    play_(*client);
  } catch (const std::exception&) {
    // The script ends where the connection does.
  }
}

} // namespace troupe::test
