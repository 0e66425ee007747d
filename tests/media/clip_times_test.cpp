#include <cmath>

#include "media/joined_clock.h"
#include "media/media_info.h"
#include "media/packet_times.h"
#include "media/timeline.h"
#include "media_support.h"

using namespace animate::media;
using namespace animate::test;
using namespace animate;

namespace {

std::vector<int64_t> placed(Timeline timeline, const std::vector<int64_t>& stamps) {
  std::vector<int64_t> times;
  for (const int64_t stamp : stamps) times.push_back(timeline.place(stamp));
  return times;
}

// A test pattern of so many frames at 25 a second, joined with itself as recordings are: the second one's times begin
// again where the first one's began.
std::filesystem::path joined(const TempDir& dir, int frames, const std::string& codecs) {
  const auto piece = ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine=sample_rate=48000 -frames:v " +
                                std::to_string(frames) + " -t " + std::to_string(frames / 25.0) + " " + codecs,
                            dir / "piece.ts");
  const auto whole = dir / "joined.ts";
  REQUIRE(std::system(
              ("cat " + shell_quoted(piece) + " " + shell_quoted(piece) + " >" + shell_quoted(whole)).c_str()) == 0);
  return whole;
}

}  // namespace

TEST_CASE("times that step back go on behind what was there") {
  // A second recording with gaps of its own, which stay.
  CHECK(placed({40, 0}, {0, 40, 80, 120, 160, 0, 40, 120, 160}) ==
        std::vector<int64_t>{0, 40, 80, 120, 160, 200, 240, 320, 360});
  // An overlap of two recordings.
  CHECK(placed({40, 0}, {0, 40, 80, 120, 160, 200, 240, 80, 120, 160, 200, 240, 280}) ==
        std::vector<int64_t>{0, 40, 80, 120, 160, 200, 240, 280, 320, 360, 400, 440, 480});
  // One wrong time: the clock of before is taken up again.
  CHECK(placed({40, 0}, {0, 40, 80, 120, 160, 0, 240, 280}) ==
        std::vector<int64_t>{0, 40, 80, 120, 160, 200, 240, 280});
  // Small steps and repeated times are no join.
  CHECK(placed({40, 0}, {0, 40, 40, 80, 160}) == std::vector<int64_t>{0, 40, 80, 120, 160});
}

TEST_CASE("jumps are shortened where a longest gap is given") {
  Timeline timeline(40, 0, 1000);
  CHECK(timeline.place(0) == 0);
  CHECK(timeline.place(1000) == 1000);
  CHECK_FALSE(timeline.shortened());
  CHECK(timeline.place(100000) == 2000);
  CHECK(timeline.shortened()->at == 1040);
  CHECK(timeline.shortened()->removed == 98000);
  CHECK(timeline.place(100040) == 2040);
  CHECK(placed({40, 0}, {0, 100000, 100040}) == std::vector<int64_t>{0, 100000, 100040});
}

TEST_CASE("a rate is the median of the times' differences") {
  const auto rate = [](std::vector<int64_t> times) {
    const auto found = rate_of_times(std::move(times), {1, 1000});
    return found ? std::pair(found->num, found->den) : std::pair(0, 1);
  };
  CHECK(rate({0, 33, 67, 100, 133, 167}) == std::pair(30, 1));
  CHECK(rate({0, 40, 120, 80, 160}) == std::pair(25, 1));                     // out of order
  CHECK(rate({0, 33, 67, 100, 1100, 1133, 1167, 1200}) == std::pair(30, 1));  // with a pause
  CHECK(rate({0, 100, 200, 300}) == std::pair(10, 1));
  CHECK(rate({5}) == std::pair(0, 1));
  CHECK(rate({}) == std::pair(0, 1));
}

TEST_CASE("a stream without a rate has that of its frames' times") {
  const TempDir dir;
  // As browsers record: no rate in the header, and times as pictures came; what FFmpeg guesses from them is wrong.
  const auto made = ffmpeg(
      "-f lavfi -i testsrc2=size=64x48:rate=30:duration=1.2 -vf settb=1/1000,setpts='PTS+mod(N*N*7\\,19)' -fps_mode "
      "passthrough -enc_time_base 1/1000 -c:v libvpx -deadline realtime",
      dir / "a.webm");
  std::string bytes = read_bytes(made);
  // FFmpeg 5 writes a rate all the same: the element DefaultDuration becomes one of padding. FFmpeg 7 writes none.
  if (const size_t at = bytes.find("\x23\xe3\x83"); at != std::string::npos) {
    const int length = static_cast<unsigned char>(bytes[at + 3]) & 0x0f;
    bytes[at] = static_cast<char>(0xec);
    bytes[at + 1] = static_cast<char>(0x80 | (length + 2));
  }
  std::ofstream(dir / "b.webm", std::ios::binary) << bytes;
  REQUIRE(probe("-select_streams v -show_entries stream=avg_frame_rate", dir / "b.webm") != "30/1");
  const MediaInfo info = probe_media(dir / "b.webm");
  CHECK(info.frame_rate.value() == Approx(30).epsilon(0.05));
  VideoReader reader(dir / "b.webm");
  CHECK(reader.info().frame_rate == info.frame_rate);
  const auto frames = read_all(reader);
  CHECK(frames.size() == 36);
  // A clip of variable rate keeps its times.
  const auto variable = ffmpeg(
      "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -vf select='not(between(n\\,5\\,9))' -fps_mode vfr -c:v "
      "libx264",
      dir / "v.mp4");
  std::vector<double> gaps;
  const auto kept = read_all(variable);
  const double tick = VideoReader(variable).info().time_base.value();
  for (size_t i = 1; i < kept.size(); ++i) gaps.push_back(static_cast<double>(kept[i].pts - kept[i - 1].pts) * tick);
  CHECK(kept.size() == 20);
  CHECK(gaps[4] == Approx(0.24).margin(0.001));
  CHECK(gaps[5] == Approx(0.04).margin(0.001));
}

TEST_CASE("joined recordings give all frames, also from a start on") {
  const TempDir dir;
  const auto clip = joined(dir, 50, "-c:v libx264 -g 25 -c:a aac");
  const auto all = read_all(clip);
  REQUIRE(all.size() == 100);
  const double tick = VideoReader(clip).info().time_base.value();
  for (size_t i = 1; i < all.size(); ++i) {
    CHECK(static_cast<double>(all[i].pts - all[i - 1].pts) * tick == Approx(0.04).margin(0.001));
  }
  // Both in the first and in the second recording.
  for (const double start : {1.2, 3.0}) {
    INFO(start);
    const auto part = read_all(clip, {.start_seconds = start});
    const auto first = static_cast<size_t>(std::lround(start * 25));
    REQUIRE(part.size() == 100 - first);
    CHECK(near(pixel(part.front().image, 32, 24), pixel(all[first].image, 32, 24), 2));
  }
}
