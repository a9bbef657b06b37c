// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/client_context.hpp"

#include "runtime/net/client_context_impl.hpp"

#include <boost/asio/post.hpp>
#include <pthread.h>

namespace troupe::net {

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
    thread_.detach();
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
