#pragma once

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <chrono>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "serve/http_head.h"
#include "serve/http_shared.h"
#include "serve/http_socket.h"
#include "serve/problem.h"

namespace animate::serve {

// One connection: request after request, until one of them makes it a stream of events or a WebSocket. Everything runs
// on the connection's strand, but for the handlers, which run on the workers.
//
//   read_head -> plan -> read_body … -> workers -> send -> read_head
//                  \ refused: send, then drain and close
template <typename Stream>
class HttpConnection : public Counted, public std::enable_shared_from_this<HttpConnection<Stream>> {
 public:
  HttpConnection(Stream&& stream, HttpShared& shared) : stream_(std::move(stream)), shared_(shared) {}
  ~HttpConnection() override { shared_.remove(); }

  void start() {
    shared_.add(this->shared_from_this());
    if constexpr (!std::is_same_v<Stream, boost::beast::tcp_stream>) {
      expire_after(shared_.settings.head_seconds);
      stream_.async_handshake(boost::asio::ssl::stream_base::server, [self = self()](Code ec) {
        if (!ec) self->read_head(self->shared_.settings.head_seconds);
      });
    } else {
      read_head(shared_.settings.head_seconds);
    }
  }

  void abandon() override {
    planned_ = {};
    response_ = {};
    if (events_) events_->stop();
    events_.reset();
  }

 private:
  using Code = boost::beast::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
  static constexpr bool kSecure = !std::is_same_v<Stream, boost::beast::tcp_stream>;
  static constexpr size_t kPiece = 256 << 10;
  static constexpr int kHeartbeat = 15;  // seconds between signs of life of a stream of events
  static constexpr int kDrainSeconds = 3;

  auto self() { return this->shared_from_this(); }
  void expire_after(int64_t seconds) {
    boost::beast::get_lowest_layer(stream_).expires_after(std::chrono::seconds(seconds));
  }

  void read_head(int seconds) {
    parser_.emplace();
    parser_->header_limit(16 << 10);
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());
    head_ = {};
    planned_ = {};
    response_ = {};
    close_ = false;
    expire_after(seconds);
    boost::beast::http::async_read_header(stream_, buffer_, *parser_,
                                          [self = self()](Code ec, size_t) { self->on_head(ec); });
  }

  void on_head(Code ec) {
    namespace http = boost::beast::http;
    if (ec == http::error::header_limit) return refuse(problem(431, "the request's headers are too long"));
    if (ec.category() == http::make_error_code(http::error::bad_version).category() &&
        ec != http::error::end_of_stream && ec != http::error::partial_message) {
      return refuse(problem(400, "this is no HTTP/1.1 request"));
    }
    if (ec) return;  // closed, or too slow
    auto head = head_of(parser_->get(), kSecure);
    if (!head) return refuse(problem(400, "the address of the request cannot be read"));
    if (const auto length = parser_->content_length()) head->length = *length;
    head_ = *head;
    planned_ = shared_.application->plan(std::move(*head));
    if (planned_.answer) return refuse(std::move(*planned_.answer));
    const HttpSettings& settings = shared_.settings;
    // An announced length says how long it may take; else ten minutes.
    expire_after(settings.body_seconds +
                 static_cast<int64_t>(head_.length ? *head_.length / settings.body_rate : uint64_t{600}));
    if (head_.header("expect") == "100-continue") {
      text_ = "HTTP/1.1 100 Continue\r\n\r\n";
      boost::asio::async_write(stream_, boost::asio::buffer(text_), [self = self()](Code failed, size_t) {
        if (!failed) self->read_body();
      });
      return;
    }
    read_body();
  }

  // The request is answered before its body was read.
  void refuse(Response response) {
    close_ = !parser_->is_done();
    send(std::move(response));
  }

  void read_body() {
    if (parser_->is_done()) return dispatch();
    auto& body = parser_->get().body();
    if (!chunk_) chunk_ = std::make_unique<std::array<char, 64 << 10>>();
    body.data = chunk_->data();
    body.size = chunk_->size();
    boost::beast::http::async_read(stream_, buffer_, *parser_, [self = self()](Code ec, size_t) {
      if (ec == boost::beast::http::error::need_buffer) ec = {};
      if (ec) return self->planned_.sink.reset();  // gone, or too slow: what was stored is dropped
      self->store();
    });
  }

  void store() {
    const size_t bytes = chunk_->size() - parser_->get().body().size;
    try {
      if (bytes > 0 && planned_.sink) planned_.sink->write({chunk_->data(), bytes});
    } catch (...) {
      planned_.sink.reset();
      return refuse(problem_of_current_exception());
    }
    read_body();
  }

  void dispatch() {
    // No limit while the handler works; send() sets its own.
    boost::beast::get_lowest_layer(stream_).expires_never();
    chunk_.reset();
    boost::asio::post(shared_.workers, [self = self()] {
      auto replied = std::make_shared<std::atomic<bool>>(false);
      self->shared_.application->answer(self->planned_, [self, replied](Response response) {
        if (replied->exchange(true)) return;
        auto shared = std::make_shared<Response>(std::move(response));
        boost::asio::post(self->stream_.get_executor(), [self, shared] { self->send(std::move(*shared)); });
      });
    });
  }

  void send(Response response) {
    planned_.sink.reset();
    if (response.socket) return become_socket(std::move(response.socket));
    response_ = std::move(response);
    shared_.application->complete(head_, response_);
    close_ = close_ || response_.events || !parser_->keep_alive();
    if (response_.file) {
      file_.open(response_.file->path, std::ios::binary);
      file_.seekg(static_cast<std::streamoff>(response_.file->first));
      left_ = response_.file->length;
      if (!file_) {
        file_.close();
        file_.clear();
        response_ = problem(404, "the file is gone");
        shared_.application->complete(head_, response_);
      }
    }
    text_ = head_text(response_, close_);
    const bool bare = head_.method == "HEAD";
    if (bare) response_.file.reset();
    if (!bare && !response_.file && !response_.events) text_ += response_.body;
    response_.body.clear();
    write([this, bare] {
      if (response_.events && !bare) return stream_events();
      if (response_.file) return send_file();
      finish();
    });
  }

  // Writes text_ in pieces, so that each has a limit of its own, then goes on.
  template <typename Next>
  void write(Next next) {
    expire_after(shared_.settings.write_seconds);
    const size_t piece = std::min(text_.size(), kPiece);
    boost::asio::async_write(stream_, boost::asio::buffer(text_.data(), piece),
                             [self = self(), piece, next = std::move(next)](Code ec, size_t) mutable {
                               if (ec) return self->stop_events();
                               self->text_.erase(0, piece);
                               if (!self->text_.empty()) return self->write(std::move(next));
                               next();
                             });
  }

  void send_file() {
    if (left_ == 0) {
      file_.close();
      file_.clear();
      return finish();
    }
    text_.resize(std::min<uint64_t>(left_, kPiece));
    file_.read(text_.data(), static_cast<std::streamsize>(text_.size()));
    if (file_.gcount() <= 0) return close();  // cut while it is sent: the client sees that bytes are missing
    text_.resize(static_cast<size_t>(file_.gcount()));
    left_ -= text_.size();
    write([this] { send_file(); });
  }

  void finish() {
    if (!close_) return read_head(shared_.settings.idle_seconds);
    if (parser_->is_done()) return close();
    // The client still sends. Who closes now resets the connection, and the answer may be lost on its way.
    Code ignored;
    boost::beast::get_lowest_layer(stream_).socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    expire_after(kDrainSeconds);
    drain();
  }

  void drain() {
    if (!chunk_) chunk_ = std::make_unique<std::array<char, 64 << 10>>();
    boost::beast::get_lowest_layer(stream_).async_read_some(boost::asio::buffer(*chunk_),
                                                            [self = self()](Code ec, size_t) {
                                                              if (!ec) self->drain();
                                                            });
  }

  void close() {
    if constexpr (kSecure) {
      expire_after(kDrainSeconds);
      stream_.async_shutdown([self = self()](Code) {});
    } else {
      Code ignored;
      stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    }
  }

  void stream_events() {
    events_ = std::move(response_.events);
    timer_ = std::make_unique<boost::asio::steady_timer>(stream_.get_executor());
    boost::beast::get_lowest_layer(stream_).expires_never();
    events_->start([weak = this->weak_from_this(), executor = stream_.get_executor()] {
      boost::asio::post(executor, [weak] {
        if (const auto strong = weak.lock()) strong->pump();
      });
    });
    watch();
    pump();
  }

  // Nothing more is expected from the client but its end.
  void watch() {
    if (!chunk_) chunk_ = std::make_unique<std::array<char, 64 << 10>>();
    stream_.async_read_some(boost::asio::buffer(*chunk_), [self = self()](Code ec, size_t) {
      if (!self->events_) return;
      if (ec) return self->stop_events();
      self->watch();
    });
  }

  void pump() {
    if (!events_ || writing_) return;
    auto text = events_->take();
    if (!text) {
      stop_events();
      return close();
    }
    if (text->empty()) return rest();
    text_ = std::move(*text);
    write_event();
  }

  void write_event() {
    writing_ = true;
    timer_->cancel();
    write([this] {
      writing_ = false;
      boost::beast::get_lowest_layer(stream_).expires_never();
      pump();
    });
  }

  void rest() {
    boost::beast::get_lowest_layer(stream_).expires_never();
    timer_->expires_after(std::chrono::seconds(kHeartbeat));
    timer_->async_wait([self = self()](Code ec) {
      if (ec || !self->events_ || self->writing_) return;
      self->text_ = ": still here\n\n";
      self->write_event();
    });
  }

  void stop_events() {
    if (!events_) return;
    events_->stop();
    events_.reset();
    if (timer_) timer_->cancel();
    Code ignored;
    boost::beast::get_lowest_layer(stream_).socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  }

  void become_socket(std::shared_ptr<SocketHandler> handler) {
    const auto request = parser_->release();
    std::make_shared<HttpSocket<Stream>>(std::move(stream_), std::move(handler), shared_)->start(request);
  }

  Stream stream_;
  HttpShared& shared_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::unique_ptr<std::array<char, 64 << 10>> chunk_;
  RequestHead head_;
  PlannedRequest planned_;
  Response response_;
  std::string text_;  // being written
  std::ifstream file_;
  uint64_t left_ = 0;  // bytes of file_
  bool close_ = false;
  std::shared_ptr<EventSource> events_;
  bool writing_ = false;
  std::unique_ptr<boost::asio::steady_timer> timer_;
};

}  // namespace animate::serve
