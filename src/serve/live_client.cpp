#include "serve/live_client.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <deque>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace animate::serve {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = net::ip::tcp;
using Code = boost::system::error_code;
using Clock = std::chrono::steady_clock;
using nlohmann::json;

constexpr std::chrono::seconds kPatience{60};

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

struct LiveClient::Parts {
  Parts(uint16_t port, std::stop_token its_stop)
      : server(net::ip::address_v4::loopback(), port), stop(std::move(its_stop)) {}

  json post(const std::string& target, const std::string& type, const std::string& body);

  net::io_context io;
  Tcp::endpoint server;
  std::stop_token stop;
  beast::websocket::stream<beast::tcp_stream> socket{io};
};

json LiveClient::Parts::post(const std::string& target, const std::string& type, const std::string& body) {
  try {
    beast::tcp_stream stream(io);
    stream.connect(server);
    http::request<http::string_body> request{http::verb::post, target, 11, body};
    request.set(http::field::host, "localhost");
    request.set(http::field::content_type, type);
    request.prepare_payload();
    http::write(stream, request);
    beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(stream, buffer, response);
    json told = json::parse(response.body(), nullptr, /*allow_exceptions=*/false);
    check(response.result_int() < 300, ErrorKind::Input, "{}", told.is_object() ? told.value("detail", "") : "");
    return told;
  } catch (const boost::system::system_error& error) {
    fail(ErrorKind::Internal, "the server did not answer ({})", error.code().message());
  }
}

// Frames on their way up, answers on their way down, both in one thread.
class LiveClient::Play {
 public:
  Play(Parts& parts, const std::vector<std::string>& frames, int64_t count, double interval)
      : parts_(parts),
        frames_(frames),
        count_(count),
        interval_(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(interval))),
        next_(parts.io),
        patience_(parts.io) {}

  std::vector<LiveAnswer> run() {
    parts_.io.restart();
    const std::stop_callback stopped(parts_.stop, [this] { parts_.io.stop(); });
    began_ = Clock::now();
    send_next();
    read();
    wait();
    parts_.io.run();
    check(!parts_.stop.stop_requested(), ErrorKind::Cancelled, "interrupted");
    return std::move(answers_);
  }

 private:
  void send_next() {
    const auto id = static_cast<int64_t>(sent_.size());
    if (id == count_) return;
    sent_.push_back(Clock::now());
    out_.push_back(json{{"id", id}}.dump() + "\n" + frames_[static_cast<size_t>(id) % frames_.size()]);
    if (out_.size() == 1) write();
    if (interval_ == Clock::duration::zero()) return;
    next_.expires_at(began_ + interval_ * (id + 1));
    next_.async_wait([this](Code ec) {
      if (!ec) send_next();
    });
  }

  void write() {
    parts_.socket.async_write(net::buffer(out_.front()), [this](Code ec, size_t) {
      if (ec) return;  // reading tells why
      out_.pop_front();
      if (!out_.empty()) write();
    });
  }

  void read() {
    parts_.socket.async_read(buffer_, [this](Code ec, size_t) {
      check(!ec, ErrorKind::Internal, "the live session broke off ({})", ec.message());
      take(beast::buffers_to_string(buffer_.data()));
      buffer_.clear();
      if (answers_.back().id + 1 == count_) {
        next_.cancel();
        patience_.cancel();
        return;
      }
      read();
      if (interval_ == Clock::duration::zero()) send_next();
    });
  }

  void wait() {
    patience_.expires_after(kPatience);
    patience_.async_wait([](Code ec) {
      if (!ec) fail(ErrorKind::Internal, "the live session does not answer");
    });
  }

  void take(const std::string& message) {
    const auto now = Clock::now();
    const size_t end = message.find('\n');
    const json head = json::parse(message.substr(0, end), nullptr, /*allow_exceptions=*/false);
    if (head.contains("problem")) fail(ErrorKind::Input, "{}", head.at("problem").value("detail", ""));
    LiveAnswer answer;
    answer.id = head.at("id");
    answer.arrived = seconds_between(began_, now);
    answer.delay = seconds_between(sent_.at(static_cast<size_t>(answer.id)), now);
    answer.inference = head.at("inference_ms").get<double>() / 1000;
    answer.face_found = head.at("face_found");
    answer.width = head.at("width");
    answer.height = head.at("height");
    answer.skipped = head.at("skipped");
    std::string picture = message.substr(end + 1);
    answer.distinct = picture != last_picture_;
    last_picture_ = std::move(picture);
    answers_.push_back(answer);
    wait();
  }

  Parts& parts_;
  const std::vector<std::string>& frames_;
  int64_t count_;
  Clock::duration interval_;
  net::steady_timer next_, patience_;
  Clock::time_point began_;
  std::vector<Clock::time_point> sent_;
  std::deque<std::string> out_;
  beast::flat_buffer buffer_;
  std::string last_picture_;
  std::vector<LiveAnswer> answers_;
};

LiveClient::LiveClient(uint16_t port, std::stop_token stop) : parts_(std::make_unique<Parts>(port, std::move(stop))) {}

LiveClient::~LiveClient() = default;

std::string LiveClient::upload(const std::string& bytes) {
  return parts_->post("/api/v1/files?name=picture", "application/octet-stream", bytes).at("id");
}

std::string LiveClient::open(const std::string& source) {
  const json session = parts_->post("/api/v1/live", "application/json", json{{"source", source}}.dump());
  try {
    auto& stream = beast::get_lowest_layer(parts_->socket);
    stream.connect(parts_->server);
    stream.socket().set_option(Tcp::no_delay(true));
    parts_->socket.binary(true);
    parts_->socket.read_message_max(64 << 20);
    parts_->socket.handshake("localhost", session.at("socket").get<std::string>());
  } catch (const boost::system::system_error& error) {
    fail(ErrorKind::Internal, "the live session cannot be connected to ({})", error.code().message());
  }
  return session.at("model");
}

std::vector<LiveAnswer> LiveClient::play(const std::vector<std::string>& frames, int64_t count, double interval) {
  return Play(*parts_, frames, count, interval).run();
}

}  // namespace animate::serve
