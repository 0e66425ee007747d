#pragma once

#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "serve/http_shared.h"

namespace animate::serve {

// A connection that has become a WebSocket. Its calls to the handler come from its strand.
template <typename Stream>
class HttpSocket : public SocketSender, public Counted, public std::enable_shared_from_this<HttpSocket<Stream>> {
 public:
  HttpSocket(Stream&& stream, std::shared_ptr<SocketHandler> handler, HttpShared& shared)
      : socket_(std::move(stream)), handler_(std::move(handler)), shared_(shared) {}
  ~HttpSocket() override {
    end();
    shared_.remove();
  }

  template <typename Message>
  void start(const Message& request) {
    namespace websocket = boost::beast::websocket;
    shared_.add(this->shared_from_this());
    boost::beast::get_lowest_layer(socket_).expires_never();
    socket_.set_option(websocket::stream_base::timeout{std::chrono::seconds(shared_.settings.head_seconds),
                                                       std::chrono::seconds(shared_.settings.silence_seconds),
                                                       /*keep_alive_pings=*/false});
    socket_.read_message_max(kLargestMessage);
    socket_.auto_fragment(false);
    socket_.async_accept(request, [self = this->shared_from_this()](boost::beast::error_code ec) {
      if (ec) return self->end();
      if (self->handler_) self->handler_->opened(self);
      self->read();
    });
  }

  void send(std::string message, bool binary) override {
    ++waiting_;
    boost::asio::post(socket_.get_executor(), [self = this->shared_from_this(), message = std::move(message), binary] {
      self->queue_.emplace_back(std::move(message), binary);
      if (self->queue_.size() == 1) self->write();
    });
  }

  void close(std::string reason) override {
    boost::asio::post(socket_.get_executor(), [self = this->shared_from_this(), reason = std::move(reason)] {
      self->socket_.async_close({boost::beast::websocket::close_code::normal, reason.substr(0, 120)},
                                [self](boost::beast::error_code) { self->end(); });
    });
  }

  size_t waiting() const override { return waiting_; }

  void abandon() override { handler_.reset(); }

 private:
  static constexpr size_t kLargestMessage = 8 << 20;

  void read() {
    socket_.async_read(buffer_, [self = this->shared_from_this()](boost::beast::error_code ec, size_t) {
      if (ec || !self->handler_) return self->end();
      std::string message = boost::beast::buffers_to_string(self->buffer_.data());
      self->buffer_.consume(self->buffer_.size());
      self->handler_->message(std::move(message), self->socket_.got_binary());
      self->read();
    });
  }

  void write() {
    socket_.binary(queue_.front().second);
    socket_.async_write(boost::asio::buffer(queue_.front().first),
                        [self = this->shared_from_this()](boost::beast::error_code ec, size_t) {
                          if (ec) return self->end();
                          self->queue_.pop_front();
                          --self->waiting_;
                          if (!self->queue_.empty()) self->write();
                          if (self->handler_) self->handler_->sent();
                        });
  }

  void end() {
    if (auto handler = std::exchange(handler_, nullptr)) handler->closed();
  }

  boost::beast::websocket::stream<Stream> socket_;
  std::shared_ptr<SocketHandler> handler_;
  HttpShared& shared_;
  boost::beast::flat_buffer buffer_;
  std::deque<std::pair<std::string, bool>> queue_;
  std::atomic<size_t> waiting_ = 0;
};

}  // namespace animate::serve
