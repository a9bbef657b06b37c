// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/client_context.hpp"

#include "runtime/net/client_context_impl.hpp"

#include <boost/asio/post.hpp>
#include <pthread.h>

#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace troupe::net {

namespace {

/// Threads that nobody could wait for, because the last owner let go on them. The end of the process waits: none may
/// use OpenSSL while that cleans up after itself.
class leaving_threads {
public:
  leaving_threads() = default;
  leaving_threads(const leaving_threads&) = delete;
  leaving_threads& operator=(const leaving_threads&) = delete;
  ~leaving_threads() {
    wait();
  }

  /// Those that left before are waited for: a thread that ended keeps its stack until somebody does.
  void add(std::thread thread) {
    std::scoped_lock lock{mutex_};
    wait();
    threads_.push_back(std::move(thread));
  }

private:
  void wait() {
    for (auto& thread : threads_)
      if (thread.get_id() == std::this_thread::get_id())
        thread.detach(); // It ends the process.
      else
        thread.join();
    threads_.clear();
  }

  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

/// First called after OpenSSL was initialised, so that it is destroyed before that cleans up.
leaving_threads& leaving() {
  static leaving_threads all;
  return all;
}

} // namespace

void client_context::impl::start(const std::shared_ptr<impl>& self) {
  work_.emplace(io.get_executor());
  thread_ = std::thread{[self] {
    pthread_setname_np(pthread_self(), "troupe-net");
    self->io.run();
  }};
}

void client_context::impl::stop() {
  std::scoped_lock lock{stopping_};
  if (!thread_.joinable())
    return;
  if (thread_.get_id() == std::this_thread::get_id()) {
    // A callback dropped the last owner: the thread cannot wait for itself. It frees the context when it leaves run().
    cut_all();
    io.stop();
    leaving().add(std::move(thread_));
    return;
  }
  // The guard stays: idle connections are no work, and without any the thread would leave before it reads this.
  boost::asio::post(io, [this] {
    cut_all();
    io.stop();
  });
  thread_.join();
}

void client_context::impl::cut_all() {
  while (!open.empty()) {
    auto first = *open.begin();
    open.erase(open.begin());
    first->cut();
  }
}

const url* client_context::impl::proxy_for(const url& where) const noexcept {
  return proxy && (options.proxy_loopback || !is_loopback(where.host)) ? &*proxy : nullptr;
}

result<std::shared_ptr<client_context>> client_context::make(client_options options) {
  auto inside = std::make_shared<impl>(std::move(options));
  if (inside->options.proxy) {
    auto proxy = parse_proxy_url(*inside->options.proxy);
    if (!proxy)
      return proxy.error();
    inside->proxy = *proxy;
  }
  if (auto trusted = trust(inside->tls, inside->options.ca_file); !trusted)
    return trusted.error();
  inside->tls.set_verify_mode(boost::asio::ssl::verify_peer);
  SSL_CTX_set_min_proto_version(inside->tls.native_handle(), TLS1_2_VERSION);
  inside->sessions.attach(inside->tls);
  leaving();
  inside->start(inside);
  return std::shared_ptr<client_context>{new client_context{std::move(inside)}};
}

client_context::client_context(std::shared_ptr<impl> impl) : impl_{std::move(impl)} {
  // nop
}

client_context::~client_context() {
  stop();
}

const client_options& client_context::options() const noexcept {
  return impl_->options;
}

std::uint64_t client_context::tls_sessions_resumed() const noexcept {
  return impl_->sessions.resumed();
}

void client_context::stop() {
  impl_->stop();
}

} // namespace troupe::net
