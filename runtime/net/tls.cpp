// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstring>

namespace troupe::net {

namespace {

/// Discord has a handful of gateway hosts; more than this is somebody else's pattern and not worth the memory.
constexpr std::size_t max_hosts = 128;

/// The slot of an SSL that points at its "host:port". Asio has the slot for applications.
int key_slot() {
  static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

int sessions_slot() {
  static const int slot = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

error bad_ca_file(const std::string& path, const std::string& why) {
  return {errc::invalid_configuration,
          "the CA file '" + path + "' " + why + ": name a readable file with the authority's certificate in PEM form"};
}

} // namespace

result<void> trust(boost::asio::ssl::context& context, const std::optional<std::string>& ca_file) {
  if (!ca_file) {
    boost::system::error_code ec;
    context.set_default_verify_paths(ec);
    if (ec)
      return error{errc::invalid_configuration, "the system's certificates cannot be used: " + ec.message()};
    return {};
  }
  std::unique_ptr<BIO, decltype(&BIO_free_all)> file{BIO_new_file(ca_file->c_str(), "r"), BIO_free_all};
  auto reason = errno;
  if (!file) {
    ERR_clear_error();
    return bad_ca_file(*ca_file, std::string{"cannot be read ("} + std::strerror(reason) + ")");
  }
  auto store = SSL_CTX_get_cert_store(context.native_handle());
  auto found = 0;
  while (auto certificate = PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr)) {
    auto added = X509_STORE_add_cert(store, certificate);
    X509_free(certificate);
    if (added != 1)
      return bad_ca_file(*ca_file, "has a certificate that cannot be used");
    ++found;
  }
  // Reading ends with "no start line" at the end of the file; anything else is a damaged certificate.
  auto clean = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (found == 0)
    return bad_ca_file(*ca_file, "has no certificate");
  if (!clean)
    return bad_ca_file(*ca_file, "has a damaged certificate");
  return {};
}

void tls_sessions::attach(boost::asio::ssl::context& context) {
  auto native = context.native_handle();
  SSL_CTX_set_ex_data(native, sessions_slot(), this);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(native, on_new_session);
}

// TLS 1.3 brings tickets after the handshake, so the callback is the only way to see them in time. Returning 1 keeps
// the reference.
int tls_sessions::on_new_session(SSL* ssl, SSL_SESSION* session) {
  auto self = static_cast<tls_sessions*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), sessions_slot()));
  auto key = static_cast<const std::string*>(SSL_get_ex_data(ssl, key_slot()));
  if (!self || !key)
    return 0;
  if (self->by_host_.size() >= max_hosts && !self->by_host_.contains(*key))
    self->by_host_.erase(self->by_host_.begin());
  self->by_host_[*key].reset(session);
  return 1;
}

void tls_sessions::prepare(SSL* ssl, const url& where, const std::string& key) {
  SSL_set_ex_data(ssl, key_slot(), const_cast<std::string*>(&key));
  if (is_address(where.host)) {
    // An address is no server name (RFC 6066); the certificate has to list it as an address.
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), where.host.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl, where.host.c_str());
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl, where.host.c_str());
  }
  auto known = by_host_.find(key);
  if (known == by_host_.end())
    return;
  if (SSL_SESSION_is_resumable(known->second.get()))
    SSL_set_session(ssl, known->second.get());
  else
    by_host_.erase(known);
}

void tls_sessions::count(SSL* ssl) noexcept {
  if (SSL_session_reused(ssl))
    resumed_.fetch_add(1, std::memory_order_relaxed);
}

} // namespace troupe::net
