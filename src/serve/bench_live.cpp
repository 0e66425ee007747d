#include "serve/bench_live.h"

#include <algorithm>
#include <cstring>
#include <future>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/temp_file.h"
#include "serve/http_server.h"
#include "serve/jpeg.h"
#include "serve/json_file.h"
#include "serve/live_client.h"
#include "serve/samples.h"
#include "serve/service.h"

namespace animate::serve {
namespace {

namespace fs = std::filesystem;

// As the page sends them.
constexpr int kSide = 256;
constexpr int kQuality = 85;
constexpr int64_t kMostFrames = 300;
// Sent before anything is measured: caches and the first calls of the networks.
constexpr int64_t kWarmUp = 3;
// Of a clip of fewer pictures they are played again.
constexpr int64_t kFewestFrames = 8;

Image middle_square(const Image& picture) {
  const int side = std::min(picture.width(), picture.height());
  const int left = (picture.width() - side) / 2;
  const int top = (picture.height() - side) / 2;
  Image square(side, side);
  for (int y = 0; y < side; ++y) std::memcpy(square.row(y), picture.row(top + y) + 3 * left, square.stride());
  return square;
}

Spread spread_of(std::vector<double> seconds) {
  if (seconds.empty()) return {};
  std::sort(seconds.begin(), seconds.end());
  const auto at = [&](size_t percent) {
    return 1000 * seconds[std::min(seconds.size() - 1, seconds.size() * percent / 100)];
  };
  return {at(50), at(99)};
}

template <typename Value>
Spread spread_of(const std::vector<LiveAnswer>& answers, Value value) {
  std::vector<double> seconds;
  for (const LiveAnswer& answer : answers) seconds.push_back(value(answer));
  return spread_of(std::move(seconds));
}

double distinct_a_second(const std::vector<LiveAnswer>& answers) {
  const auto count =
      std::count_if(answers.begin() + 1, answers.end(), [](const LiveAnswer& answer) { return answer.distinct; });
  const double seconds = answers.back().arrived - answers.front().arrived;
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

// Both play the same frames at once, and share the device in turns.
std::pair<double, double> play_together(LiveClient& one, LiveClient& other, const std::vector<std::string>& frames,
                                        int64_t count) {
  auto others = std::async(std::launch::async, [&] { return distinct_a_second(other.play(frames, count, 0)); });
  const double ones = distinct_a_second(one.play(frames, count, 0));
  return std::minmax({ones, others.get()});
}

// A server that runs as long as this lives.
class OwnServer {
 public:
  OwnServer(ServeSettings settings, const Engine& engine)
      : settings_(std::move(settings)),
        server_(settings_.http),
        service_(settings_, engine, Access({"127.0.0.1", {}, {}, {}})) {
    service_.start();
    thread_ = std::jthread(
        [this](std::stop_token stop) { server_.run(service_, std::move(stop), [this] { service_.stop(); }); });
  }
  uint16_t port() const { return server_.port(); }

 private:
  ServeSettings settings_;
  HttpServer server_;
  Service service_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace

LiveBenchReport bench_live(ServeSettings settings, const Engine& engine, const LiveBenchRequest& request,
                           std::stop_token stop) {
  LiveBenchReport report;
  const auto reader = engine.make_picture_reader();
  std::vector<std::string> frames;
  reader->read_clip(request.clip, kMostFrames, [&](const Image& picture) {
    const Image frame = reader->shrink(middle_square(picture), kSide);
    report.frame_width = frame.width();
    report.frame_height = frame.height();
    frames.push_back(encode_jpeg(frame, kQuality));
  });
  const fs::path picture = request.picture.empty() ? sample_file(kSamplePicture) : request.picture;
  check(!picture.empty(), ErrorKind::Input, "the sample head is not installed; give a picture with --picture");
  reader->read(picture);
  report.frames = std::max(kFewestFrames, static_cast<int64_t>(frames.size()));

  const TempFile folder(fs::temp_directory_path() / "animate-serve-bench", TempFile::Kind::Folder);
  settings.data = folder.path();
  settings.http = {};
  settings.http.port = 0;
  const OwnServer server(std::move(settings), engine);
  LiveClient client(server.port(), stop);
  const std::string source = client.upload(read_bytes(picture));
  report.model = client.open(source);

  client.play(frames, kWarmUp, 0);
  const auto alone = client.play(frames, report.frames, 0);
  report.inference = spread_of(alone, [](const LiveAnswer& answer) { return answer.inference; });
  report.overhead = spread_of(alone, [](const LiveAnswer& answer) { return answer.delay - answer.inference; });
  report.frames_per_second = distinct_a_second(alone);

  const Spread taken = spread_of(alone, [](const LiveAnswer& answer) { return answer.delay; });
  report.interval = taken.median / 2;
  const auto loaded = client.play(frames, report.frames, report.interval / 1000);
  report.delay = spread_of(loaded, [](const LiveAnswer& answer) { return answer.delay; });
  report.delay_in_inferences = report.inference.median > 0 ? report.delay.median / report.inference.median : 0;
  report.loaded_frames_per_second = distinct_a_second(loaded);
  report.replaced = loaded.back().skipped - alone.back().skipped;

  LiveClient second(server.port(), stop);
  second.open(source);
  second.play(frames, kWarmUp, 0);
  std::tie(report.slower_frames_per_second, report.faster_frames_per_second) =
      play_together(client, second, frames, report.frames);

  report.result_width = alone.back().width;
  report.result_height = alone.back().height;
  for (const auto* round : {&alone, &loaded}) {
    for (const LiveAnswer& answer : *round) report.with_face += answer.face_found ? 1 : 0;
    report.answers += static_cast<int64_t>(round->size());
  }
  return report;
}

}  // namespace animate::serve
