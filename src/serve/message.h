#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What goes in and out of the server, without a word about sockets: handlers and their tests know only this.

namespace animate::serve {

// The first lines of a request. Names of headers are in small letters.
struct RequestHead {
  std::string method;
  std::string path;                          // decoded, without the query
  std::map<std::string, std::string> query;  // decoded
  std::map<std::string, std::string> headers;
  std::optional<uint64_t> length;  // of the body, where it is announced
  bool secure = false;             // came over TLS

  // Empty where it is absent.
  std::string_view header(std::string_view name) const {
    const auto found = headers.find(std::string(name));
    return found == headers.end() ? std::string_view() : found->second;
  }
};

// Takes the body of a request as it arrives. Not thread-safe. Both calls may throw Refusal or animate::Error, which
// becomes the answer.
class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual void write(std::string_view bytes) = 0;
  virtual void finish() = 0;
};

struct Request {
  RequestHead head;
  std::vector<std::string> captures;  // what stands for {id} and the like in the route's pattern
  std::string owner;                  // the name of the key; empty where there are no keys
  std::string body;                   // of routes that want it in memory
  std::shared_ptr<BodySink> sink;     // of routes that stream it
};

// Bytes of a file, to be sent as they are.
struct FilePart {
  std::filesystem::path path;
  uint64_t first = 0;
  uint64_t length = 0;
};

// An endless answer: server-sent events. take() is called whenever wake was, and once at the start.
class EventSource {
 public:
  virtual ~EventSource() = default;
  // `wake` may be called from any thread, and never after stop() has returned.
  virtual void start(std::function<void()> wake) = 0;
  virtual void stop() = 0;
  // What is to be written now, empty for nothing; nullopt: the stream is over.
  virtual std::optional<std::string> take() = 0;
};

// The other end of a WebSocket. Thread-safe; what is sent after the end is dropped.
class SocketSender {
 public:
  virtual ~SocketSender() = default;
  virtual void send(std::string message, bool binary) = 0;
  virtual void close(std::string reason) = 0;
  // Messages that are not on their way yet.
  virtual size_t waiting() const = 0;
};

// Our end of a WebSocket. Calls come one after the other.
class SocketHandler {
 public:
  virtual ~SocketHandler() = default;
  virtual void opened(std::shared_ptr<SocketSender> sender) = 0;
  virtual void message(std::string bytes, bool binary) = 0;
  // One of the sender's messages is on its way: fewer wait.
  virtual void sent() = 0;
  virtual void closed() = 0;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::optional<FilePart> file;           // in place of body
  std::shared_ptr<EventSource> events;    // in place of both
  std::shared_ptr<SocketHandler> socket;  // the connection becomes a WebSocket
};

// May be called from any thread, once.
using Reply = std::function<void(Response)>;

Response json_response(int status, std::string json);

}  // namespace animate::serve
