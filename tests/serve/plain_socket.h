#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace animate::test {

// A connection to a server on this machine, byte by byte.
class PlainSocket {
 public:
  explicit PlainSocket(uint16_t port) : file_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{20, 0};
    ::setsockopt(file_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    if (::connect(file_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
      throw std::runtime_error("no connection");
    }
  }
  ~PlainSocket() { ::close(file_); }
  PlainSocket(const PlainSocket&) = delete;
  PlainSocket& operator=(const PlainSocket&) = delete;

  void send(const std::string& bytes) const {
    size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t now = ::send(file_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (now <= 0) return;  // the server has hung up: what it said is still there
      sent += static_cast<size_t>(now);
    }
  }
  // One read; empty at the end.
  std::string some() const {
    std::string bytes(65536, '\0');
    const ssize_t got = ::recv(file_, bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return bytes;
  }
  // Up to and with `mark`, or to the end.
  std::string until(const std::string& mark) {
    while (true) {
      const size_t at = held_.find(mark);
      if (at != std::string::npos) {
        std::string taken = held_.substr(0, at + mark.size());
        held_.erase(0, at + mark.size());
        return taken;
      }
      const std::string more = some();
      if (more.empty()) return std::move(held_);
      held_ += more;
    }
  }
  std::string exactly(size_t count) {
    while (held_.size() < count) {
      const std::string more = some();
      if (more.empty()) break;
      held_ += more;
    }
    std::string taken = held_.substr(0, count);
    held_.erase(0, taken.size());
    return taken;
  }
  std::string all() {
    for (std::string more = some(); !more.empty(); more = some()) held_ += more;
    return std::move(held_);
  }
  // The head and, by its Content-Length, the body of one answer.
  std::string answer() {
    std::string head = until("\r\n\r\n");
    const std::string name = "Content-Length: ";
    const size_t at = head.find(name);
    return at == std::string::npos ? head : head + exactly(std::stoul(head.substr(at + name.size())));
  }

 private:
  int file_;
  std::string held_;
};

}  // namespace animate::test
