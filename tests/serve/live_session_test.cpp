#include "serve/live_session.h"

#include <future>
#include <thread>

#include "fake_engine.h"
#include "serve/jpeg.h"
#include "serve/problem.h"
#include "support/catch.h"

namespace animate::serve {
namespace {

using nlohmann::json;

// What comes down, kept.
class Wire : public SocketSender {
 public:
  void send(std::string message, bool binary) override {
    const std::scoped_lock lock(mutex_);
    messages_.emplace_back(std::move(message), binary);
  }
  void close(std::string) override {}
  size_t waiting() const override { return slow ? 2 : 0; }

  std::vector<std::pair<std::string, bool>> read() const {
    const std::scoped_lock lock(mutex_);
    return messages_;
  }
  bool slow = false;

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, bool>> messages_;
};

struct LiveDesk {
  LiveDesk() {
    auto made = std::make_unique<test::FakeSession>();
    session = made.get();
    live = std::make_shared<LiveSession>("id", "anna", std::move(made), AnimateOptions(),
                                         std::make_unique<test::FakePictures>(), device, [this] { ++ended; });
    live->opened(wire);
  }
  ~LiveDesk() { live->closed(); }

  static std::string frame(int id) {
    return json{{"id", id}, {"captured", 1.5}}.dump() + "\n" + encode_jpeg(test::plain(16, 16, 200, 0, 0), 90);
  }
  void settle() {
    std::promise<void> done;
    device.post({"settle", [&done] { done.set_value(); }, {}});
    done.get_future().wait();
  }
  // A frame of the camera, until it is answered or put aside.
  void take(int id) {
    live->message(frame(id), true);
    settle();
  }
  // One of the answers that waited is on its way.
  void sent() {
    live->sent();
    settle();
  }
  std::vector<int> ids() const {
    std::vector<int> list;
    for (const auto& [message, binary] : wire->read()) {
      if (binary) list.push_back(split_frame(message)->head["id"]);
    }
    return list;
  }

  Device device;
  std::shared_ptr<Wire> wire = std::make_shared<Wire>();
  test::FakeSession* session = nullptr;
  std::shared_ptr<LiveSession> live;
  int ended = 0;
};

TEST_CASE("a live frame comes back with its own words, times and a picture") {
  LiveDesk desk;
  desk.take(7);
  const auto messages = desk.wire->read();
  REQUIRE(messages.size() == 1);
  const auto answer = split_frame(messages[0].first);
  REQUIRE(answer);
  CHECK(answer->head["id"] == 7);
  CHECK(answer->head["captured"] == 1.5);
  CHECK(answer->head["face_found"] == true);
  CHECK(answer->head["total_ms"].get<double>() >= 0);
  CHECK(decode_jpeg(answer->picture, 100).width() == 16);
}

TEST_CASE("of live frames that wait the newest is answered") {
  LiveDesk desk;
  {
    Device::Turn job(desk.device);
    for (int id = 1; id <= 5; ++id) desk.live->message(LiveDesk::frame(id), true);
  }
  desk.settle();
  CHECK(desk.ids() == std::vector<int>{5});
  CHECK(split_frame(desk.wire->read()[0].first)->head["skipped"] == 4);
}

TEST_CASE("a reader that is slow gets fewer live frames") {
  LiveDesk desk;
  desk.wire->slow = true;
  desk.take(1);
  CHECK(desk.ids().empty());
  desk.wire->slow = false;
  desk.take(2);
  CHECK(desk.ids() == std::vector<int>{2});
  CHECK(split_frame(desk.wire->read()[0].first)->head["skipped"] == 1);
  desk.sent();
  CHECK(desk.ids() == std::vector<int>{2});
}

TEST_CASE("the last live frame is answered when a slow reader has caught up") {
  LiveDesk desk;
  desk.wire->slow = true;
  desk.take(1);
  desk.take(2);
  // One of several is on its way: still too many wait.
  desk.sent();
  CHECK(desk.ids().empty());
  desk.wire->slow = false;
  desk.sent();
  CHECK(desk.ids() == std::vector<int>{2});
  CHECK(split_frame(desk.wire->read()[0].first)->head["skipped"] == 1);
  desk.sent();
  CHECK(desk.ids() == std::vector<int>{2});
}

TEST_CASE("a live frame that was held is gone with its connection") {
  LiveDesk desk;
  desk.wire->slow = true;
  desk.take(1);
  desk.live->closed();
  desk.wire->slow = false;
  desk.sent();
  CHECK(desk.ids().empty());
}

TEST_CASE("live commands take effect with the next frame, and what is wrong is told") {
  LiveDesk desk;
  desk.live->message(R"({"type": "recalibrate"})", false);
  desk.live->message(R"({"type": "options", "options": {"show-keypoints": true}})", false);
  desk.take(1);
  CHECK(desk.session->recalibrations == 1);
  CHECK(desk.session->options.output.show_keypoints);
  const auto problem_after = [&](const std::string& message, bool binary) {
    desk.live->message(message, binary);
    desk.settle();
    const auto [text, was_binary] = desk.wire->read().back();
    CHECK(!was_binary);
    return json::parse(text)["problem"]["detail"].get<std::string>();
  };
  CHECK_THAT(problem_after("nonsense", false), ContainsSubstring("a text message is"));
  CHECK_THAT(problem_after("no line", true), ContainsSubstring("a frame is one line of JSON"));
  CHECK_THAT(problem_after("[]\nx", true), ContainsSubstring("a frame is one line of JSON"));
  CHECK(problem_after("{}\nno picture", true) == "the frame is no JPEG picture; send one");
  desk.session->fails = true;
  CHECK(problem_after(LiveDesk::frame(2), true) == "the driving picture is bad");
}

TEST_CASE("a live session ends once, with its connection") {
  LiveDesk desk;
  CHECK(desk.live->claim());
  CHECK(!desk.live->claim());
  {
    Device::Turn job(desk.device);
    desk.live->message(LiveDesk::frame(1), true);
    desk.live->closed();
  }
  desk.settle();
  CHECK(desk.ids().empty());
  CHECK(desk.ended == 1);
}

TEST_CASE("a JPEG comes back as it was, near enough; what is none or too large is refused") {
  const Image red = test::plain(20, 10, 200, 30, 40);
  const Image back = decode_jpeg(encode_jpeg(red, 95), 100);
  REQUIRE(back.width() == 20);
  REQUIRE(back.height() == 10);
  CHECK(std::abs(back.data()[0] - 200) <= 3);
  CHECK(std::abs(back.data()[1] - 30) <= 3);
  const std::string jpeg = encode_jpeg(red, 80);
  const auto status = [](std::string_view bytes, int longest) {
    try {
      decode_jpeg(bytes, longest);
      return 0;
    } catch (const Refusal& refusal) {
      return refusal.status();
    }
  };
  CHECK(status(jpeg, 20) == 0);
  CHECK(status(jpeg, 19) == 413);
  CHECK(status("", 100) == 415);
  CHECK(status("not a jpeg", 100) == 415);
  CHECK(status(std::string_view(jpeg).substr(0, 30), 100) == 415);
}

}  // namespace
}  // namespace animate::serve
