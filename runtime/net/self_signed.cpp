// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/self_signed.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace troupe::net {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using bignum_ptr = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using octets_ptr = std::unique_ptr<ASN1_OCTET_STRING, freed_by<ASN1_OCTET_STRING_free>>;

error openssl_error(const char* what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return {errc::internal, std::string{"OpenSSL cannot "} + what + ": " + text.data()};
}

/// Renders hosts as OpenSSL's configuration syntax for alternative names, "DNS:localhost,IP:127.0.0.1".
result<std::string> alternative_names(const std::vector<std::string>& hosts) {
  if (hosts.empty())
    return error{errc::invalid_argument, "a certificate needs at least one host name"};
  std::string names;
  for (auto& host : hosts) {
    // The syntax separates with commas and refers with '@': nothing but host characters may get in.
    auto legal = [](unsigned char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
             || c == ':' || c == '*' || c == '_';
    };
    if (host.empty() || !std::all_of(host.begin(), host.end(), legal))
      return error{errc::invalid_argument, "'" + host + "' is no host name"};
    octets_ptr address{a2i_IPADDRESS(host.c_str())};
    names.append(names.empty() ? "" : ",").append(address ? "IP:" : "DNS:").append(host);
  }
  return names;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  extension_ptr extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_random_serial(X509* certificate) {
  bignum_ptr number{BN_new()};
  return number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
         && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

/// A certificate for `key` with everything but extensions, issuer and signature.
x509_ptr blank_certificate(EVP_PKEY* key, const std::string& name, certificate_validity validity) {
  x509_ptr certificate{X509_new()};
  if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 || !set_random_serial(certificate.get())
      || !X509_gmtime_adj(X509_getm_notBefore(certificate.get()), static_cast<long>(validity.from.count()))
      || !X509_gmtime_adj(X509_getm_notAfter(certificate.get()), static_cast<long>(validity.until.count()))
      || X509_set_pubkey(certificate.get(), key) != 1)
    return nullptr;
  auto bytes = reinterpret_cast<const unsigned char*>(name.c_str());
  auto subject = X509_get_subject_name(certificate.get());
  if (X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, bytes, -1, -1, 0) != 1)
    return nullptr;
  return certificate;
}

bool sign(X509* certificate, EVP_PKEY* key) {
  return X509_sign(certificate, key, EVP_sha256()) > 0;
}

/// Key identifiers are there because strict verifiers (Python 3.13, for one) refuse certificates without.
x509_ptr make_authority(EVP_PKEY* key, certificate_validity validity) {
  std::array<unsigned char, 4> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    return nullptr;
  // A name of its own keeps verifiers from confusing the authorities of two runs.
  std::string name = "Troupe local authority ";
  for (auto byte : random)
    name.append({"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]});
  auto authority = blank_certificate(key, name, validity);
  auto self = authority.get();
  if (!authority || X509_set_issuer_name(self, X509_get_subject_name(self)) != 1
      || !add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
      || !add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign")
      || !add_extension(self, self, NID_subject_key_identifier, "hash") || !sign(self, key))
    return nullptr;
  return authority;
}

x509_ptr make_server(EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key, const std::string& names,
                     certificate_validity validity) {
  auto server = blank_certificate(key, "Troupe local server", validity);
  auto self = server.get();
  if (!server || X509_set_issuer_name(self, X509_get_subject_name(authority)) != 1
      || !add_extension(self, authority, NID_basic_constraints, "critical,CA:FALSE")
      || !add_extension(self, authority, NID_key_usage, "critical,digitalSignature")
      || !add_extension(self, authority, NID_ext_key_usage, "serverAuth")
      || !add_extension(self, authority, NID_subject_key_identifier, "hash")
      || !add_extension(self, authority, NID_authority_key_identifier, "keyid:always")
      || !add_extension(self, authority, NID_subject_alt_name, names) || !sign(self, authority_key))
    return nullptr;
  return server;
}

template <class Write>
std::string to_pem(Write write) {
  bio_ptr memory{BIO_new(BIO_s_mem())};
  if (!memory || write(memory.get()) != 1)
    return {};
  char* data = nullptr;
  auto size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

} // namespace

result<certificate_pair> make_self_signed(const std::vector<std::string>& hosts, certificate_validity validity) {
  auto names = alternative_names(hosts);
  if (!names)
    return names.error();
  key_ptr authority_key{EVP_EC_gen("P-256")};
  key_ptr server_key{EVP_EC_gen("P-256")};
  if (!authority_key || !server_key)
    return openssl_error("make a P-256 key");
  auto authority = make_authority(authority_key.get(), {});
  if (!authority)
    return openssl_error("make an authority");
  auto server = make_server(server_key.get(), authority.get(), authority_key.get(), *names, validity);
  if (!server)
    return openssl_error("make a server certificate");
  certificate_pair pair;
  pair.ca_pem = to_pem([&](BIO* out) { return PEM_write_bio_X509(out, authority.get()); });
  pair.cert_pem = to_pem([&](BIO* out) { return PEM_write_bio_X509(out, server.get()); });
  pair.key_pem = to_pem(
    [&](BIO* out) { return PEM_write_bio_PrivateKey(out, server_key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  if (pair.ca_pem.empty() || pair.cert_pem.empty() || pair.key_pem.empty())
    return openssl_error("write PEM");
  return pair;
}

} // namespace troupe::net
