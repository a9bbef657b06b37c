// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/websocket.hpp"

#include "runtime/net/websocket_session.hpp"

#include <boost/asio/post.hpp>

namespace troupe::net {

namespace {

/// What the owner holds: every call goes to the I/O thread.
class handle : public websocket {
public:
  handle(std::shared_ptr<client_context> context, const url& where, websocket_handlers handlers)
    : context_{std::move(context)}, session_{std::make_shared<websocket_session>(context_->get(), where,
                                                                                 std::move(handlers))} {
    post([](websocket_session& self) { self.dial(); });
  }

  ~handle() override {
    session_->silence();
    // The session moves into the call: it dies on the I/O thread.
    boost::asio::post(context_->get().io, [session = std::move(session_)] { session->cut(); });
  }

  void grant(std::uint32_t frames) override {
    post([frames](websocket_session& self) { self.grant(frames); });
  }

  void write(std::uint64_t ticket, std::string text) override {
    post([ticket, text = std::move(text)](websocket_session& self) mutable { self.write(ticket, std::move(text)); });
  }

  void close(std::uint16_t code) override {
    post([code](websocket_session& self) { self.close(code); });
  }

private:
  template <class Call>
  void post(Call call) {
    boost::asio::post(context_->get().io, [session = session_, call = std::move(call)]() mutable { call(*session); });
  }

  std::shared_ptr<client_context> context_;
  std::shared_ptr<websocket_session> session_;
};

} // namespace

std::shared_ptr<websocket> dial_websocket(std::shared_ptr<client_context> context, const url& where,
                                          websocket_handlers handlers) {
  return std::make_shared<handle>(std::move(context), where, std::move(handlers));
}

} // namespace troupe::net
