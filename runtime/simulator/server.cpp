// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/server.hpp"

#include "runtime/net/self_signed.hpp"
#include "runtime/simulator/server_impl.hpp"
#include "runtime/simulator/text.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <future>

namespace troupe::simulator {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

namespace {

// So that an answer stays small.
constexpr std::size_t dispatches_at_most = 10'000;

// The number at the end of a target, where `key` comes right before it.
std::optional<double> number_after(std::string_view target, std::string_view key) {
  auto begin = target.find(key);
  if (begin == std::string_view::npos)
    return std::nullopt;
  auto value = target.substr(begin + key.size());
  double number = -1;
  auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (ec != std::errc{} || end != value.data() + value.size() || !(number >= 0 && number <= 1e15))
    return std::nullopt;
  return number;
}

// {"next":2,"dispatches":[{"shard":0,"s":1,"t":"READY","session":".."},..]}
std::string dispatches(const model& of, std::size_t from) {
  constexpr std::string_view before_name = "{\"t\":\"";
  const auto& log = of.dispatch_log();
  from = std::min(from, log.size());
  auto next = std::min(log.size(), from + dispatches_at_most);
  std::string out = "{\"next\":" + std::to_string(next) + ",\"dispatches\":[";
  for (auto each = from; each < next; ++each) {
    const auto& one = log[each];
    auto name = std::string_view{one.payload}.substr(before_name.size());
    name = name.substr(0, name.find('"'));
    out += (out.back() == '[' ? "" : ",") + std::string{"{\"shard\":"} + std::to_string(one.shard.index) + ",\"s\":"
           + std::to_string(one.sequence) + ",\"t\":" + quote(name) + ",\"session\":" + quote(one.session) + '}';
  }
  return out + "]}";
}

} // namespace

server::impl::impl(server_options opts) : options_{std::move(opts)} {
  // nop
}

result<void> server::impl::prepare_tls() {
  error_code ec;
  if (!options_.cert_file.empty()) {
    tls_.use_certificate_chain_file(options_.cert_file, ec);
    if (!ec)
      tls_.use_private_key_file(options_.key_file, asio::ssl::context::pem, ec);
    if (ec)
      return error{errc::invalid_configuration, "certificate or key file: " + ec.message()};
    return {};
  }
  auto made = net::make_self_signed({"localhost", "127.0.0.1"});
  if (!made)
    return made.error();
  tls_.use_certificate(asio::buffer(made->cert_pem), asio::ssl::context::pem, ec);
  if (!ec)
    tls_.use_private_key(asio::buffer(made->key_pem), asio::ssl::context::pem, ec);
  if (ec)
    return error{errc::internal, "the certificate just made: " + ec.message()};
  ca_pem_ = made->ca_pem;
  if (!options_.tls_dir)
    return {};
  std::error_code failed;
  std::filesystem::create_directories(*options_.tls_dir, failed);
  ca_file_ = std::filesystem::absolute(std::filesystem::path{*options_.tls_dir} / "ca.pem").string();
  std::ofstream file{ca_file_, std::ios::binary | std::ios::trunc};
  file << ca_pem_;
  if (!file.flush())
    return error{errc::invalid_configuration, "cannot write " + ca_file_};
  return {};
}

result<void> server::impl::listen() {
  if (!options_.plain)
    if (auto prepared = prepare_tls(); !prepared)
      return prepared;
  auto bind = [](tcp::acceptor& which, std::uint16_t port) {
    error_code ec;
    tcp::endpoint where{asio::ip::address_v4::loopback(), port};
    which.open(where.protocol(), ec);
    if (!ec)
      which.set_option(tcp::acceptor::reuse_address{true}, ec);
    if (!ec)
      which.bind(where, ec);
    if (!ec)
      which.listen(asio::socket_base::max_listen_connections, ec);
    return ec;
  };
  if (auto ec = bind(main_, options_.port))
    return error{errc::connect_failed,
                 "cannot listen on 127.0.0.1:" + std::to_string(options_.port) + ": " + ec.message()};
  if (auto ec = bind(resume_, 0))
    return error{errc::connect_failed, "cannot listen for the resume host: " + ec.message()};
  auto host = "127.0.0.1:" + std::to_string(main_.local_endpoint().port());
  auto other = "127.0.0.1:" + std::to_string(resume_.local_endpoint().port());
  std::string suffix = options_.plain ? "" : "s";
  api_url_ = "http" + suffix + "://" + host + "/api/v10";
  control_url_ = "http" + suffix + "://" + host + "/_control";
  options_.model.gateway_url = "ws" + suffix + "://" + host;
  options_.model.resume_url = "ws" + suffix + "://" + other;
  auto wall = std::chrono::system_clock::now().time_since_epoch();
  options_.model.unix_start_ms = std::chrono::duration_cast<std::chrono::milliseconds>(wall).count();
  model_ = std::make_unique<simulator::model>(options_.model, clock::now());
  model_->run_script(options_.script);
  return {};
}

void server::impl::run() {
  accept(main_, host_kind::main);
  accept(resume_, host_kind::resume);
  pump();
  thread_ = std::thread{[this] { io_.run(); }};
}

void server::impl::accept(tcp::acceptor& from, host_kind host) {
  from.async_accept([this, &from, host](error_code ec, tcp::socket socket) {
    if (ec == asio::error::operation_aborted || !from.is_open())
      return;
    if (ec) {
      // Out of file descriptors, mostly: to try again at once would be all that this thread does.
      auto pause = std::make_shared<asio::steady_timer>(io_, std::chrono::milliseconds{100});
      pause->async_wait([this, &from, host, pause](error_code) { accept(from, host); });
      return;
    }
    socket.set_option(tcp::no_delay{true}, ec);
    auto state = model_->state_of(host, clock::now());
    if (state != host_state::refuses)
      serve(*this, std::move(socket), host, state == host_state::hangs);
    accept(from, host);
  });
}

void server::impl::pump() {
  for (auto& one : model_->take_effects(clock::now())) {
    auto found = gateways_.find(one.connection);
    if (found == gateways_.end()) {
      // Its upgrade is still being written, or it is gone.
      if (auto early = early_.find(one.connection); early != early_.end())
        early->second.push_back(std::move(one));
      continue;
    }
    auto target = found->second;
    target->execute(std::move(one));
  }
  auto next = model_->next_due();
  if (!next) {
    due_.cancel();
    return;
  }
  due_.expires_at(std::max(*next, clock::now()));
  due_.async_wait([this](error_code ec) {
    if (ec)
      return;
    model_->tick(clock::now());
    pump();
  });
}

http_reply server::impl::control(const http_request& request) {
  std::string_view target = request.target;
  auto path = target.substr(0, target.find('?'));
  auto bad = [](std::string_view message) {
    return http_reply{.status = 400, .body = "{\"message\":" + quote(message) + '}'};
  };
  if (path == "/_control/summary" && request.method == "GET")
    return {.body = model_->summary(clock::now())};
  if (path == "/_control/dispatches" && request.method == "GET") {
    if (!model_->settings().log_dispatches)
      return bad("nothing is recorded: start with --record");
    auto from = number_after(target, "?from=");
    if (!from && path != target)
      return bad("from must be a number from 0");
    return {.body = dispatches(*model_, static_cast<std::size_t>(from.value_or(0)))};
  }
  constexpr std::string_view guilds = "/_control/guilds/";
  if (path.starts_with(guilds) && request.method == "GET") {
    auto id = snowflake::parse(path.substr(guilds.size()));
    if (auto truth = id ? model_->truth(*id) : std::nullopt)
      return {.body = *truth};
    return {.status = 404, .body = "{\"message\":\"the bot is not in this guild\"}"};
  }
  if (path == "/_control/faults" && request.method == "POST") {
    auto what = request.body.starts_with('{') ? parse_fault_json(request.body) : parse_fault(request.body);
    if (!what)
      return bad(what.error().detail);
    model_->inject(*what, clock::now());
    return {.body = "{\"fault\":" + quote(to_string(what->kind)) + '}'};
  }
  if (path == "/_control/traffic" && request.method == "POST") {
    auto rate = number_after(target, "?events_per_second=").value_or(-1);
    if (!(rate >= 0 && rate <= 1e6))
      return bad("events_per_second must be a number from 0 to 1000000");
    model_->set_events_per_second(rate, clock::now());
    return {.body = "{}"};
  }
  return {.status = 404, .body = "{\"message\":\"unknown control request\"}"};
}

void server::impl::stop() {
  std::lock_guard guard{stop_mutex_};
  if (stopped_)
    return;
  stopped_ = true;
  if (!thread_.joinable())
    return;
  asio::post(io_, [this] {
    last_summary_ = model_->summary(clock::now());
    last_breaches_ = model_->breaches().size();
    error_code ignored;
    main_.close(ignored);
    resume_.close(ignored);
    for (auto& one : std::set<std::shared_ptr<peer>>{peers_})
      one->abort();
    due_.cancel();
    io_.stop();
  });
  thread_.join();
}

server::server(std::shared_ptr<impl> impl) : impl_{std::move(impl)} {
  // nop
}

result<std::unique_ptr<server>> server::start(server_options opts) {
  auto inside = std::make_shared<impl>(std::move(opts));
  if (auto listening = inside->listen(); !listening)
    return listening.error();
  inside->run();
  return std::unique_ptr<server>{new server{std::move(inside)}};
}

server::~server() {
  impl_->stop();
}

const std::string& server::api_url() const noexcept {
  return impl_->api_url_;
}

const std::string& server::control_url() const noexcept {
  return impl_->control_url_;
}

const std::string& server::ca_pem() const noexcept {
  return impl_->ca_pem_;
}

const std::string& server::ca_file() const noexcept {
  return impl_->ca_file_;
}

void server::inject(const fault& what) {
  asio::post(impl_->io_, [inside = impl_.get(), what] {
    inside->model_->inject(what, clock::now());
    inside->pump();
  });
}

std::string server::summary() {
  std::lock_guard guard{impl_->stop_mutex_};
  if (impl_->stopped_)
    return impl_->last_summary_;
  std::promise<std::string> answer;
  asio::post(impl_->io_, [&] { answer.set_value(impl_->model_->summary(clock::now())); });
  return answer.get_future().get();
}

std::size_t server::breaches() {
  std::lock_guard guard{impl_->stop_mutex_};
  if (impl_->stopped_)
    return impl_->last_breaches_;
  std::promise<std::size_t> answer;
  asio::post(impl_->io_, [&] { answer.set_value(impl_->model_->breaches().size()); });
  return answer.get_future().get();
}

void server::stop() {
  impl_->stop();
}

} // namespace troupe::simulator
