// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/url.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace troupe::net {

namespace {

std::uint16_t own_port(std::string_view scheme) noexcept {
  return scheme == "https" || scheme == "wss" ? 443 : 80;
}

std::string lower_case(std::string_view text) {
  std::string lower{text};
  for (auto& c : lower)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

template <class Address>
bool reads_as(int family, std::string_view host, Address& address) noexcept {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (host.size() >= terminated.size())
    return false;
  std::copy(host.begin(), host.end(), terminated.begin());
  return inet_pton(family, terminated.data(), &address) == 1;
}

bool is_ipv4(std::string_view host) noexcept {
  in_addr address{};
  return reads_as(AF_INET, host, address);
}

bool is_ipv6(std::string_view host) noexcept {
  in6_addr address{};
  return reads_as(AF_INET6, host, address);
}

bool is_host_name(std::string_view host) noexcept {
  auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  };
  if (host.empty() || host.size() > 253 || !std::all_of(host.begin(), host.end(), legal))
    return false;
  if (host.front() == '.' || host.find("..") != std::string_view::npos)
    return false;
  // Resolvers read "127.1" and "0x7f000001"-like names as addresses: a name that ends in a number must be a whole one.
  auto last = host.substr(host.rfind('.') + 1);
  auto digits = [](char c) { return c >= '0' && c <= '9'; };
  return last.empty() || !digits(last.front()) || is_ipv4(host);
}

/// What is wrong with a URL; the text is shown without what may be a password.
error refuse(std::string_view text, std::string_view why) {
  std::string shown;
  for (auto c : text.substr(0, 200))
    shown += c >= ' ' && c < 0x7f ? c : '?';
  if (auto at = shown.find('@'); at != std::string::npos)
    shown = "..." + shown.substr(at);
  return {errc::invalid_configuration, "the URL '" + shown + "' " + std::string{why}};
}

/// Splits "host:port" or "[address]:port" into `where`. Returns what is wrong, or nothing.
std::string_view read_authority(std::string_view authority, url& where) {
  std::string_view port;
  if (authority.find('@') != std::string_view::npos)
    return "has a user name, which is not supported";
  if (authority.starts_with('[')) {
    auto end = authority.find(']');
    if (end == std::string_view::npos || !is_ipv6(authority.substr(1, end - 1)))
      return "has no legal IPv6 address in its brackets";
    where.host = lower_case(authority.substr(1, end - 1));
    port = authority.substr(end + 1);
  } else {
    auto colon = authority.find(':');
    where.host = lower_case(authority.substr(0, colon));
    port = colon == std::string_view::npos ? "" : authority.substr(colon);
    if (where.host.empty())
      return "has no host";
    if (!is_host_name(where.host))
      return "has no legal host name";
  }
  where.port = own_port(where.scheme);
  if (port.empty())
    return {};
  auto digits = port.substr(1);
  auto end = digits.data() + digits.size();
  auto [stop, failure] = std::from_chars(digits.data(), end, where.port);
  if (port.front() != ':' || failure != std::errc{} || stop != end || where.port == 0)
    return "has no legal port: use 1 to 65535";
  return {};
}

result<url> split(std::string_view text) {
  url where;
  auto colon = text.find("://");
  if (colon == std::string_view::npos)
    return refuse(text, "has no scheme: begin it with https:// or wss://");
  where.scheme = lower_case(text.substr(0, colon));
  if (where.scheme != "http" && where.scheme != "https" && where.scheme != "ws" && where.scheme != "wss")
    return refuse(text, "has an unknown scheme: use https or wss");
  auto printable = [](char c) { return c > ' ' && c < 0x7f; };
  if (!std::all_of(text.begin(), text.end(), printable))
    return refuse(text, "has spaces or other characters that must be percent-encoded");
  if (text.find('#') != std::string_view::npos)
    return refuse(text, "has a fragment ('#'), which is never sent to a host");
  auto rest = text.substr(colon + 3);
  auto end = std::min(rest.find_first_of("/?"), rest.size());
  if (auto wrong = read_authority(rest.substr(0, end), where); !wrong.empty())
    return refuse(text, wrong);
  where.target = rest.substr(end);
  if (!where.target.starts_with('/'))
    where.target.insert(0, 1, '/');
  return where;
}

} // namespace

result<url> parse_url(std::string_view text) {
  auto where = split(text);
  if (where && !where->encrypted() && !is_loopback(where->host))
    return error{errc::insecure_url, std::string{text}};
  return where;
}

result<url> parse_proxy_url(std::string_view text) {
  auto where = split(text);
  if (where && where->scheme != "http")
    return refuse(text, "is no proxy: use http://host:port");
  if (where && where->target != "/")
    return refuse(text, "is no proxy: it has a path; use http://host:port");
  return where;
}

bool is_loopback(std::string_view host) noexcept {
  if (host == "localhost")
    return true;
  in_addr v4{};
  if (reads_as(AF_INET, host, v4))
    return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  return reads_as(AF_INET6, host, v6) && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool is_address(std::string_view host) noexcept {
  return is_ipv4(host) || is_ipv6(host);
}

std::string host_and_port(const url& where) {
  auto bare = where.host.find(':') == std::string::npos;
  return (bare ? where.host : "[" + where.host + "]") + ":" + std::to_string(where.port);
}

std::string host_header(const url& where) {
  auto text = host_and_port(where);
  if (where.port == own_port(where.scheme))
    text.resize(text.rfind(':'));
  return text;
}

} // namespace troupe::net
