#include "serve/http_server.h"

#include <nlohmann/json.hpp>
#include <thread>

#include "fake_engine.h"
#include "plain_socket.h"
#include "serve/jpeg.h"
#include "serve/service.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace animate::serve {
namespace {

using nlohmann::json;
using test::PlainSocket;
using test::TempDir;

// The whole server on a port of its own, with an engine that has no networks.
class RunningServer {
 public:
  explicit RunningServer(HttpSettings http = {})
      : settings_(settings_in(dir_.path(), std::move(http))), engine_(test::fake_engine()), server_(settings_.http) {
    thread_ = std::thread([this] {
      Service service(settings_, engine_, Access({"127.0.0.1", {}, {}, {}}));
      service.start();
      server_.run(service, stop_.get_token(), [&service] { service.stop(); });
    });
  }
  ~RunningServer() {
    stop_.request_stop();
    thread_.join();
  }
  uint16_t port() const { return server_.port(); }
  std::string ask(const std::string& text) const {
    PlainSocket socket(port());
    socket.send(text);
    return socket.answer();
  }
  std::string upload() const {
    const std::string answer =
        ask("POST /api/v1/files?name=me.png HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\npicture");
    return json::parse(answer.substr(answer.find("\r\n\r\n")))["id"];
  }
  std::string post(const std::string& path, const json& body) const {
    return ask("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.dump().size()) + "\r\n\r\n" + body.dump());
  }
  const TempDir& dir() const { return dir_; }

 private:
  static ServeSettings settings_in(const std::filesystem::path& data, HttpSettings http) {
    ServeSettings settings;
    settings.data = data;
    settings.http = std::move(http);
    settings.http.port = 0;
    return settings;
  }

  TempDir dir_;
  ServeSettings settings_;
  Engine engine_;
  HttpServer server_;
  std::stop_source stop_;
  std::thread thread_;
};

json body_of(const std::string& answer) { return json::parse(answer.substr(answer.find("\r\n\r\n") + 4)); }

TEST_CASE("one connection carries request after request, also sent at once") {
  const RunningServer server;
  PlainSocket socket(server.port());
  const std::string request = "GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\n\r\n";
  socket.send(request + request);
  CHECK(body_of(socket.answer())["api"] == "v1");
  CHECK(body_of(socket.answer())["api"] == "v1");
  socket.send("HEAD /api/v1/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const std::string rest = socket.all();
  CHECK(rest.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(rest.ends_with("\r\n\r\n"));
}

TEST_CASE("bodies come in chunks, after a 100, and are refused before they are read") {
  const RunningServer server;
  CHECK(server
            .ask("POST /api/v1/files?name=a.png HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "4\r\npict\r\n3\r\nure\r\n0\r\n\r\n")
            .starts_with("HTTP/1.1 201 "));
  PlainSocket socket(server.port());
  socket.send(
      "POST /api/v1/files?name=a.png HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n");
  CHECK(socket.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  socket.send("picture");
  CHECK(socket.answer().starts_with("HTTP/1.1 201 "));
  CHECK(server.ask("POST /api/v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99000000000\r\n\r\nabc")
            .starts_with("HTTP/1.1 413 "));
  CHECK(server
            .ask("POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n" +
                 std::string(500000, 'x'))
            .starts_with("HTTP/1.1 413 "));
  CHECK(server.ask("nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
  CHECK(server.ask("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 400 "));
  CHECK(server.ask("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20000, 'x') + "\r\n\r\n")
            .starts_with("HTTP/1.1 431 "));
}

TEST_CASE("whoever is too slow is let go, and leaves nothing") {
  HttpSettings http;
  http.head_seconds = 1;
  http.body_seconds = 1;
  const RunningServer server(http);
  PlainSocket head(server.port()), body(server.port());
  head.send("GET / HTTP/1.1\r\nHo");
  body.send("POST /api/v1/files?name=a.png HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc");
  CHECK(head.all().empty());
  CHECK(body.all().empty());
  for (int i = 0; i < 100 && !std::filesystem::is_empty(server.dir() / "incoming"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(std::filesystem::is_empty(server.dir() / "incoming"));
}

TEST_CASE("whoever reads too slowly is let go, and holds nobody up") {
  HttpSettings http;
  http.write_seconds = 1;
  const RunningServer server(http);
  // More than the system keeps on the way for a reader who does not read.
  const std::string large = "picture" + std::string(40'000'000, ' ');
  const std::string stored =
      server.ask("POST /api/v1/files?name=a.png HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
                 std::to_string(large.size()) + "\r\n\r\n" + large);
  REQUIRE(stored.starts_with("HTTP/1.1 201 "));
  PlainSocket slow(server.port());
  slow.send("GET /api/v1/files/" + body_of(stored)["id"].get<std::string>() +
            "/content HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(slow.until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
  CHECK(server.ask("GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .starts_with("HTTP/1.1 200 "));
  // Each piece of the answer has a limit of its own, which a reader who takes next to nothing does not keep.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  CHECK(slow.all().size() < large.size());
}

TEST_CASE("events of a job end with it, and a stream may be left") {
  const RunningServer server;
  const std::string id = server.upload();
  const std::string job =
      body_of(server.post("/api/v1/jobs", {{"kind", "animate"}, {"source", id}, {"driving", id}}))["id"];
  const std::string watch = "GET /api/v1/jobs/" + job + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
  { PlainSocket(server.port()).send(watch); }
  PlainSocket socket(server.port());
  socket.send(watch);
  const std::string text = socket.all();
  CHECK_THAT(text, ContainsSubstring("Content-Type: text/event-stream"));
  CHECK_THAT(text, ContainsSubstring("\"state\":\"done\""));
  CHECK(text.ends_with("}\n\n"));
  const std::string part =
      server.ask("GET /api/v1/jobs/" + job + "/result HTTP/1.1\r\nHost: localhost\r\nRange: bytes=1-3\r\n\r\n");
  CHECK(part.starts_with("HTTP/1.1 206 "));
  CHECK(part.ends_with("\r\n\r\nove"));
}

std::string masked(int code, const std::string& payload) {
  std::string frame(1, static_cast<char>(0x80 | code));
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8U);
    frame += static_cast<char>(payload.size() & 0xffU);
  }
  return frame + std::string(4, '\0') + payload;
}

TEST_CASE("a live session goes over a socket of the server, and ends with it") {
  const RunningServer server;
  const std::string id = server.upload();
  const json session = body_of(server.post("/api/v1/live", {{"source", id}}));
  auto first = std::make_unique<PlainSocket>(server.port());
  PlainSocket& socket = *first;
  const auto connect = [&](PlainSocket& by) {
    by.send("GET " + session["socket"].get<std::string>() +
            " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
            "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    return by.until("\r\n\r\n");
  };
  const std::string head = connect(socket);
  CHECK(head.starts_with("HTTP/1.1 101 "));
  CHECK_THAT(head, ContainsSubstring("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));  // RFC 6455's own example
  socket.send(masked(2, "{\"id\": 5}\n" + encode_jpeg(test::plain(16, 16, 9, 9, 9), 90)));
  const std::string start = socket.exactly(4);
  CHECK(start.substr(0, 2) == "\x82\x7e");
  const size_t length = static_cast<unsigned char>(start[2]) * 256U + static_cast<unsigned char>(start[3]);
  const std::string message = socket.exactly(length);
  CHECK(message.starts_with("{\"id\":5,"));
  PlainSocket second(server.port());
  CHECK(connect(second).starts_with("HTTP/1.1 409 "));
  socket.send(masked(8, ""));
  CHECK(socket.all().starts_with("\x88"));
  first.reset();
  for (int i = 0; i < 100; ++i) {
    PlainSocket third(server.port());
    if (connect(third).starts_with("HTTP/1.1 404 ")) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  FAIL("the session outlives its connection");
}

TEST_CASE("a server stops with connections open, and a port is listened at once") {
  HttpSettings http;
  http.connections = 50;
  RunningServer server(http);
  std::vector<std::unique_ptr<PlainSocket>> idle;
  for (int i = 0; i < 50; ++i) idle.push_back(std::make_unique<PlainSocket>(server.port()));
  idle[0]->send("GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(body_of(idle[0]->answer())["api"] == "v1");
  // One more than may be is turned away.
  CHECK(PlainSocket(server.port()).all().empty());
  HttpSettings same;
  same.port = server.port();
  CHECK(test::error_of(ErrorKind::Input, [&] { HttpServer second(same); }) ==
        "port " + std::to_string(same.port) +
            " of 127.0.0.1 is in use already; give another --port, or 0 for any that is free");
  idle[1]->send("POST /api/v1/files?name=a.png HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc");
}

}  // namespace
}  // namespace animate::serve
