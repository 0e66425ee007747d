#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "serve/application.h"

namespace animate::serve {

struct HttpSettings {
  std::string host = "127.0.0.1";
  uint16_t port = 7860;                            // 0: any that is free
  std::filesystem::path tls_certificate, tls_key;  // PEM; both or none
  size_t connections = 2000;                       // more are turned away
  // All in seconds. Of a whole request: its first lines, then its body at no less than body_rate.
  int head_seconds = 15;
  int idle_seconds = 75;  // between two requests of a connection
  int body_seconds = 30;
  uint64_t body_rate = 64 << 10;  // bytes a second
  int write_seconds = 30;         // for each piece of an answer of at most 256 KB
  int silence_seconds = 30;       // of a WebSocket
};

// HTTP/1.1 and WebSockets, by Boost.Beast: a few threads hold any number of connections. The one place, with
// http_connection.h and its two users, that knows of sockets.
class HttpServer {
 public:
  // Listens from now on; nothing is answered before run(). Throws Error(Input) where the address cannot be had, or
  // certificate and key are not a pair.
  explicit HttpServer(HttpSettings settings);
  ~HttpServer();

  uint16_t port() const;
  // Serves until `stop` is requested; `stopping` is then called before the connections are closed. When this returns
  // nothing of the application is held any more.
  void run(Application& application, std::stop_token stop, const std::function<void()>& stopping);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace animate::serve
