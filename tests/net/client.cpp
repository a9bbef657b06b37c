// SPDX-License-Identifier: BSD-3-Clause
#include "tests/net/client.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace troupe::test {

constexpr std::chrono::seconds too_long{10};

temporary_file::temporary_file(const std::string& content) {
  auto folder = std::getenv("TMPDIR");
  path_ = std::string{folder ? folder : "/tmp"} + "/troupe-test-XXXXXX";
  auto file = ::mkstemp(path_.data());
  if (file < 0 || ::write(file, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
    throw std::runtime_error{"no temporary file"};
  ::close(file);
}

temporary_file::~temporary_file() {
  std::remove(path_.c_str());
}

std::shared_ptr<net::client_context> make_context(net::client_options options) {
  return net::client_context::make(std::move(options)).value();
}

std::shared_ptr<net::client_context> make_context(const net::certificate_pair& pair, net::client_options options) {
  temporary_file file{pair.ca_pem};
  options.ca_file = file.path();
  return make_context(std::move(options));
}

void milestone::reach() {
  std::scoped_lock lock{mutex_};
  reached_ = true;
  changed_.notify_all();
}

bool milestone::wait() {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, too_long, [this] { return reached_; });
}

std::vector<std::string> recorder::record::texts() const {
  std::vector<std::string> all;
  for (auto& batch : batches)
    for (auto& frame : *batch)
      all.push_back(frame.bytes);
  return all;
}

recorder::recorder(std::shared_ptr<net::client_context> context, const std::string& url) {
  auto note = [state = shared_](auto change) {
    std::scoped_lock lock{state->mutex};
    change(state->seen);
    state->changed.notify_all();
  };
  net::websocket_handlers handlers;
  handlers.opened = [note] { note([](record& seen) { seen.opened = true; }); };
  handlers.received = [note](auto frames) { note([&](record& seen) { seen.batches.push_back(frames); }); };
  handlers.written = [note](auto ticket) { note([&](record& seen) { seen.written.push_back(ticket); }); };
  handlers.ended = [note](auto end) { note([&](record& seen) { seen.ends.push_back(end); }); };
  socket_ = net::dial_websocket(std::move(context), net::parse_url(url).value(), std::move(handlers));
}

bool recorder::wait(const std::function<bool(const record&)>& condition) {
  std::unique_lock lock{shared_->mutex};
  return shared_->changed.wait_for(lock, too_long, [&] { return condition(shared_->seen); });
}

bool recorder::wait_open() {
  return wait([](auto& seen) { return seen.opened || !seen.ends.empty(); }) && now().opened;
}

net::websocket_end recorder::wait_end() {
  if (!wait([](auto& seen) { return !seen.ends.empty(); }))
    throw std::runtime_error{"the WebSocket did not end"};
  return now().ends.front();
}

recorder::record recorder::now() {
  std::scoped_lock lock{shared_->mutex};
  return shared_->seen;
}

} // namespace troupe::test

#ifdef __SANITIZE_THREAD__
// The system's OpenSSL is not instrumented: the atomic counters that order the end of its locks are invisible.
extern "C" const char* __tsan_default_suppressions() {
  return "race:CRYPTO_THREAD_lock_free\n";
}
#endif
