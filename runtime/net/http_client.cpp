// SPDX-License-Identifier: BSD-3-Clause
// send ─▶ submit ─▶ pump ─▶ begin ─▶ [on_dialled] ─▶ ask ─▶ on_asked ─▶ listen ─▶ on_answer ─▶ complete
#include "runtime/net/http_client.hpp"

#include "runtime/net/dialer.hpp"
#include "runtime/net/failures.hpp"

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <deque>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t max_waiting = 1000;
constexpr std::uint64_t max_body_bytes = 16u << 20;
constexpr std::uint32_t max_header_bytes = 64u << 10;

/// A connection in use, or kept for the next request.
struct link {
  std::unique_ptr<byte_stream> stream;
  boost::beast::flat_buffer buffer;
  bool reused = false;

  /// Whether the far end has neither closed nor said anything since the last answer.
  [[nodiscard]] bool quiet() {
    char byte;
    auto size = ::recv(stream->socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
};

struct exchange;

/// The connections and requests of one host.
struct pool {
  std::deque<std::shared_ptr<exchange>> waiting;
  std::vector<std::shared_ptr<link>> idle;
  std::size_t busy = 0;
};

/// One request on its way.
struct exchange {
  exchange(asio::io_context& io, url where, pool& home) : where{std::move(where)}, home{home}, deadline{io} {
    // nop
  }

  const url where;
  pool& home;
  http::request<http::string_body> request;
  std::function<void(result<http_response>)> done;
  asio::steady_timer deadline;
  std::shared_ptr<dialer> dial;
  std::shared_ptr<link> line;
  std::optional<http::response_parser<http::string_body>> answer;
  bool started = false;
  bool fully_sent = false;
  bool retried = false;
  bool over = false;
};

bool is_token(std::string_view text) {
  auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), legal);
}

/// What must not be sent because it would read as something else: a line break in a header is a second header.
std::string_view objection(const http_request& request) {
  if (!is_token(request.method) || request.method == "CONNECT" || request.method == "TRACE")
    return "the HTTP method";
  auto& target = request.where.target;
  if (!target.starts_with('/')
      || !std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < 0x7f; }))
    return "the target of the URL";
  for (auto& [name, value] : request.headers)
    if (!is_token(name) || value.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos)
      return "a header";
  return {};
}

bool may_repeat(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" || method == "OPTIONS";
}

http::request<http::string_body> compose(http_request given, const std::string& agent) {
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(given.method);
  request.target(given.where.target);
  request.set(http::field::host, host_header(given.where));
  request.set(http::field::user_agent, agent);
  if (!given.body.empty())
    request.set(http::field::content_type, "application/json");
  for (auto& [name, value] : given.headers)
    request.set(name, value);
  request.body() = std::move(given.body);
  request.prepare_payload();
  return request;
}

http_response convert(http::response<http::string_body> message) {
  http_response response;
  response.status = static_cast<std::uint16_t>(message.result_int());
  for (auto& field : message) {
    std::string name{field.name_string()};
    for (auto& c : name)
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c - 'A' + 'a');
    auto [known, fresh] = response.headers.try_emplace(std::move(name), field.value());
    if (!fresh)
      known->second.append(", ").append(field.value());
  }
  response.body = std::move(message.body());
  return response;
}

} // namespace

/// Lives on the I/O thread.
class http_client::impl final : public stoppable, public std::enable_shared_from_this<impl> {
public:
  impl(client_context::impl& context, std::size_t connections) : context_{context}, connections_{connections} {
    // nop
  }
  ~impl() {
    context_.open.erase(this);
  }

  void submit(http_request request, std::function<void(result<http_response>)> done);
  void cut() override;

  /// No callback starts after this. Thread-safe.
  void silence() noexcept {
    silent_ = true;
  }

private:
  using exchange_ptr = std::shared_ptr<exchange>;

  void pump(pool& home);
  void begin(const exchange_ptr& it);
  void dial(const exchange_ptr& it);
  void on_dialled(const exchange_ptr& it, result<std::unique_ptr<byte_stream>> dialled);
  void ask(const exchange_ptr& it);
  void on_asked(const exchange_ptr& it, error_code ec);
  void listen(const exchange_ptr& it);
  void on_answer(const exchange_ptr& it, error_code ec);
  void on_broken(const exchange_ptr& it, error_code ec);
  void on_deadline(const exchange_ptr& it);
  void complete(const exchange_ptr& it, result<http_response> outcome, bool keep = false);

  void tell(const std::function<void(result<http_response>)>& done, result<http_response> outcome) {
    if (done && !silent_)
      done(std::move(outcome));
  }

  client_context::impl& context_;
  const std::size_t connections_;
  std::map<std::string, pool> pools_;
  /// Everything not completed, to let go of at the end.
  std::set<exchange_ptr> under_way_;
  std::size_t waiting_ = 0;
  bool cut_ = false;
  std::atomic<bool> silent_{false};
};

void http_client::impl::submit(http_request request, std::function<void(result<http_response>)> done) {
  if (cut_)
    return;
  context_.open.insert(this);
  if (auto wrong = objection(request); !wrong.empty())
    return tell(done, error{errc::invalid_argument, std::string{wrong} + " has characters that HTTP does not allow"});
  if (waiting_ >= max_waiting)
    return tell(done, error{errc::queue_full, std::to_string(waiting_) + " requests wait for a connection"});
  auto& home = pools_[request.where.scheme + "://" + host_and_port(request.where)];
  auto it = std::make_shared<exchange>(context_.io, request.where, home);
  it->request = compose(std::move(request), context_.options.user_agent);
  it->done = std::move(done);
  it->deadline.expires_after(context_.options.http_timeout);
  it->deadline.async_wait([self = shared_from_this(), it](error_code ec) {
    if (!ec)
      self->on_deadline(it);
  });
  under_way_.insert(it);
  home.waiting.push_back(it);
  ++waiting_;
  pump(home);
}

void http_client::impl::pump(pool& home) {
  while (!cut_ && !home.waiting.empty() && home.busy < connections_) {
    auto next = std::move(home.waiting.front());
    home.waiting.pop_front();
    --waiting_;
    ++home.busy;
    next->started = true;
    begin(next);
  }
}

void http_client::impl::begin(const exchange_ptr& it) {
  auto& idle = it->home.idle;
  while (!idle.empty()) {
    it->line = std::move(idle.back()); // The youngest is the likeliest to be alive.
    idle.pop_back();
    if (it->line->quiet())
      return ask(it);
    it->line.reset();
  }
  dial(it);
}

void http_client::impl::dial(const exchange_ptr& it) {
  it->dial = std::make_shared<dialer>(context_, it->where);
  it->dial->start([self = shared_from_this(), it](auto dialled) { self->on_dialled(it, std::move(dialled)); });
}

void http_client::impl::on_dialled(const exchange_ptr& it, result<std::unique_ptr<byte_stream>> dialled) {
  it->dial.reset();
  if (it->over)
    return;
  if (!dialled)
    return complete(it, dialled.error());
  it->line = std::make_shared<link>();
  it->line->stream = std::move(*dialled);
  ask(it);
}

void http_client::impl::ask(const exchange_ptr& it) {
  it->fully_sent = false;
  it->answer.emplace();
  // The handlers hold the connection: its stream must outlive its operations, whatever becomes of the exchange.
  http::async_write(
    *it->line->stream, it->request,
    [self = shared_from_this(), it, line = it->line](error_code ec, std::size_t) { self->on_asked(it, ec); });
}

void http_client::impl::on_asked(const exchange_ptr& it, error_code ec) {
  if (it->over)
    return;
  if (ec)
    return on_broken(it, ec);
  it->fully_sent = true;
  listen(it);
}

void http_client::impl::listen(const exchange_ptr& it) {
  it->answer.emplace();
  it->answer->header_limit(max_header_bytes);
  it->answer->body_limit(max_body_bytes);
  it->answer->skip(it->request.method() == http::verb::head);
  http::async_read(
    *it->line->stream, it->line->buffer, *it->answer,
    [self = shared_from_this(), it, line = it->line](error_code ec, std::size_t) { self->on_answer(it, ec); });
}

void http_client::impl::on_answer(const exchange_ptr& it, error_code ec) {
  if (it->over)
    return;
  if (ec)
    return on_broken(it, ec);
  if (it->answer->get().result_int() < 200)
    return listen(it); // 100 and 103 announce the answer.
  auto keep = it->answer->keep_alive() && it->line->buffer.size() == 0;
  complete(it, convert(it->answer->release()), keep);
}

void http_client::impl::on_broken(const exchange_ptr& it, error_code ec) {
  auto lost = is_lost(ec);
  auto harmless = !it->fully_sent || may_repeat(it->request.method_string());
  if (lost && harmless && it->line->reused && !it->retried && !it->answer->got_some()) {
    it->retried = true;
    it->line->stream->close();
    it->line.reset();
    return dial(it);
  }
  if (ec == http::error::body_limit)
    return complete(it, error{errc::message_too_large, it->where.host + " answered with more than "
                                                         + std::to_string(max_body_bytes) + " bytes"});
  complete(it, error{lost ? errc::connection_lost : errc::http_failed, it->where.host + ": " + sentence(ec)});
}

void http_client::impl::on_deadline(const exchange_ptr& it) {
  auto after =
    it->where.host + ": given up after " + std::to_string(context_.options.http_timeout.count()) + " ms while ";
  if (!it->started)
    return complete(it, error{errc::http_failed, after + "waiting for a free connection"});
  if (it->dial)
    return complete(it, error{errc::connect_timeout, after + std::string{it->dial->step()}});
  complete(it, error{errc::http_failed, after + "waiting for the answer"});
}

void http_client::impl::complete(const exchange_ptr& it, result<http_response> outcome, bool keep) {
  if (std::exchange(it->over, true))
    return;
  // `it` may be the very element that is erased here.
  auto held = it; // NOLINT(performance-unnecessary-copy-initialization)
  under_way_.erase(held);
  held->deadline.cancel();
  if (held->dial)
    std::exchange(held->dial, nullptr)->cancel();
  auto line = std::exchange(held->line, nullptr);
  auto& home = held->home;
  if (line && keep) {
    line->reused = true;
    home.idle.push_back(std::move(line));
  } else if (line) {
    line->stream->close();
  }
  if (held->started) {
    --home.busy;
  } else {
    std::erase(home.waiting, held);
    --waiting_;
  }
  pump(home);
  tell(std::exchange(held->done, nullptr), std::move(outcome));
}

void http_client::impl::cut() {
  auto self = shared_from_this(); // A callback may hold the last owner.
  silence();
  cut_ = true;
  context_.open.erase(this);
  while (!under_way_.empty())
    complete(*under_way_.begin(), error{errc::connection_lost, "the client ended"});
  for (auto& [host, home] : pools_)
    home.idle.clear();
}

http_client::http_client(std::shared_ptr<client_context> context, std::size_t connections)
  : context_{std::move(context)}, impl_{
                                    std::make_shared<impl>(context_->get(), std::max<std::size_t>(connections, 1))} {
  // nop
}

http_client::~http_client() {
  impl_->silence();
  // The pools move into the call: they die on the I/O thread.
  asio::post(context_->get().io, [inside = std::move(impl_)] { inside->cut(); });
}

void http_client::send(http_request request, std::function<void(result<http_response>)> done) {
  asio::post(context_->get().io, [inside = impl_, request = std::move(request), done = std::move(done)]() mutable {
    inside->submit(std::move(request), std::move(done));
  });
}

} // namespace troupe::net
