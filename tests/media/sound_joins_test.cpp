#include <cmath>

#include "media/media_info.h"
#include "media/video_writer.h"
#include "media_support.h"

using namespace animate::media;
using namespace animate::test;
using namespace animate;

namespace {

void join(const std::vector<std::filesystem::path>& pieces, const std::filesystem::path& whole) {
  std::string bytes;
  for (const auto& piece : pieces) bytes += read_bytes(piece);
  std::ofstream(whole, std::ios::binary) << bytes;
}

// A second of video with a tone of its own.
std::filesystem::path piece(const std::filesystem::path& path, int hertz, const std::string& codecs = "-c:a aac",
                            int rate = 48000) {
  return ffmpeg(
      "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -f lavfi -i sine=frequency=" + std::to_string(hertz) +
          ":sample_rate=" + std::to_string(rate) + ":duration=1 -c:v libx264 " + codecs,
      path);
}

std::vector<std::string> write_sound(const std::filesystem::path& path, const AudioSource& audio, int frames) {
  VideoWriterOptions options;
  options.frame_rate = {25, 1};
  options.time_base = {1, 25};
  options.audio = audio;
  VideoWriter writer(path, 64, 48, options);
  for (int i = 0; i < frames; ++i) writer.write({scene(64, 48, i), i, 1});
  writer.finish();
  return writer.warnings();
}

std::vector<int16_t> samples_of(const std::filesystem::path& path) {
  const auto raw = std::filesystem::path(path.string() + ".raw");
  ffmpeg("-i " + shell_quoted("file:" + path.string()) + " -map 0:a -af aresample=async=1 -ac 1 -ar 48000 -f s16le",
         raw);
  const std::string bytes = read_bytes(raw);
  std::vector<int16_t> samples;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    samples.push_back(static_cast<int16_t>(static_cast<uint8_t>(bytes[i]) | static_cast<uint8_t>(bytes[i + 1]) << 8));
  }
  return samples;
}

// The tone around a moment, by its zero crossings; 0 where it is silent.
double hertz_at(const std::vector<int16_t>& samples, double seconds) {
  const auto first = static_cast<size_t>(seconds * 48000);
  const size_t count = 9600;
  if (first + count >= samples.size()) return 0;
  int crossings = 0;
  int loudest = 0;
  for (size_t i = first; i < first + count; ++i) {
    crossings += (samples[i] < 0) != (samples[i + 1] < 0);
    loudest = std::max(loudest, std::abs(static_cast<int>(samples[i])));
  }
  return loudest < 500 ? 0 : crossings / 2.0 / 0.2;
}

double seconds_of(const std::vector<int16_t>& samples) { return static_cast<double>(samples.size()) / 48000; }

}  // namespace

TEST_CASE("sound whose times step back is kept whole and in order") {
  const TempDir dir;
  join({piece(dir / "1.ts", 400), piece(dir / "2.ts", 1000), piece(dir / "3.ts", 2000)}, dir / "s.ts");
  for (const std::string target : {"o.mp4", "o.mkv", "o.mov", "o.webm"}) {
    INFO(target);
    const auto warnings = write_sound(dir / target, {dir / "s.ts"}, 75);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find(
              "s.ts: the times of its sound step back at 1.0 s, as where recordings are joined; it is put in "
              "order and encoded again") != std::string::npos);
    CHECK(read_all(dir / target).size() == 75);
    const auto samples = samples_of(dir / target);
    CHECK(seconds_of(samples) == Approx(3).margin(0.06));
    CHECK(hertz_at(samples, 0.4) == Approx(400).margin(15));
    CHECK(hertz_at(samples, 1.4) == Approx(1000).margin(15));
    CHECK(hertz_at(samples, 2.4) == Approx(2000).margin(20));
  }
}

TEST_CASE("a second recording may be hours older than the first") {
  const TempDir dir;
  join({piece(dir / "1.ts", 400, "-c:a aac -output_ts_offset 20000"), piece(dir / "2.ts", 1000)}, dir / "s.ts");
  const auto frames = read_all(dir / "s.ts");
  REQUIRE(frames.size() == 50);
  const double tick = VideoReader(dir / "s.ts").info().time_base.value();
  CHECK(static_cast<double>(frames.back().pts) * tick == Approx(1.96).margin(0.001));
  for (const std::string target : {"o.mp4", "o.webm"}) {
    INFO(target);
    write_sound(dir / target, {dir / "s.ts"}, 50);
    const auto samples = samples_of(dir / target);
    CHECK(seconds_of(samples) == Approx(2).margin(0.06));
    CHECK(hertz_at(samples, 0.4) == Approx(400).margin(15));
    CHECK(hertz_at(samples, 1.4) == Approx(1000).margin(15));
  }
}

TEST_CASE("joined sound is cut at a start that lies behind the join") {
  const TempDir dir;
  join({piece(dir / "1.ts", 400), piece(dir / "2.ts", 1000), piece(dir / "3.ts", 2000)}, dir / "s.ts");
  for (const std::string target : {"o.mp4", "o.mkv", "o.webm"}) {
    INFO(target);
    AudioSource from{dir / "s.ts"};
    from.start_seconds = 1.4;
    write_sound(dir / target, from, 40);
    const auto samples = samples_of(dir / target);
    CHECK(seconds_of(samples) == Approx(1.6).margin(0.06));
    CHECK(hertz_at(samples, 0.2) == Approx(1000).margin(15));
    CHECK(hertz_at(samples, 1.0) == Approx(2000).margin(20));
  }
}

TEST_CASE("joined sound may change its rate and channels") {
  const TempDir dir;
  join({piece(dir / "1.ts", 400), piece(dir / "2.ts", 1000, "-c:a aac -ac 2", 44100)}, dir / "s.ts");
  write_sound(dir / "o.mp4", {dir / "s.ts"}, 50);
  const auto samples = samples_of(dir / "o.mp4");
  CHECK(seconds_of(samples) == Approx(2).margin(0.06));
  CHECK(hertz_at(samples, 0.4) == Approx(400).margin(15));
  CHECK(hertz_at(samples, 1.4) == Approx(1000).margin(15));
}

TEST_CASE("sound files that were joined are kept whole") {
  const TempDir dir;
  const auto tone = [&](const std::string& name, int hertz) {
    return ffmpeg("-f lavfi -i sine=frequency=" + std::to_string(hertz) + ":sample_rate=48000:duration=1", dir / name);
  };
  for (const std::string kind : {".mp3", ".ogg", ".opus"}) {
    const std::string second = "2" + kind;
    join({tone("1" + kind, 400), tone(second, 1000)}, dir / ("s" + kind));
    for (const std::string target : {"o.mp4", "o.mkv"}) {
      INFO(kind << ' ' << target);
      write_sound(dir / target, {dir / ("s" + kind)}, 50);
      const auto samples = samples_of(dir / target);
      CHECK(seconds_of(samples) == Approx(2).margin(0.08));
      CHECK(hertz_at(samples, 0.4) == Approx(400).margin(15));
      CHECK(hertz_at(samples, 1.5) == Approx(1000).margin(15));
      CHECK(read_all(dir / target).size() == 50);
    }
  }
}

TEST_CASE("damaged sound is told as damaged video is") {
  const TempDir dir;
  const auto whole = ffmpeg("-f lavfi -i sine=frequency=400:sample_rate=48000:duration=4 -c:a flac", dir / "a.flac");
  std::string bytes = read_bytes(whole);
  std::ofstream(dir / "cut.flac", std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  const auto cut = write_sound(dir / "cut.mkv", {dir / "cut.flac"}, 100);
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].find("cut.flac: its sound ends early or is damaged after ") != std::string::npos);
  // Half of the bytes, of which the first 8 kB are no sound.
  CHECK(seconds_of(samples_of(dir / "cut.mkv")) == Approx(1.65).margin(0.06));
  const auto aac = ffmpeg("-f lavfi -i sine=frequency=400:sample_rate=48000:duration=4 -c:a aac", dir / "a.m4a");
  bytes = read_bytes(aac);
  const size_t data = bytes.find("mdat");
  REQUIRE(data != std::string::npos);
  for (size_t i = data + 12000; i < data + 14000; ++i) bytes[i] = static_cast<char>(i * 37);
  std::ofstream(dir / "bad.m4a", std::ios::binary) << bytes;
  for (const std::string target : {"bad.mp4", "bad.mkv"}) {
    const auto bad = write_sound(dir / target, {dir / "bad.m4a"}, 100);
    REQUIRE(bad.size() == 1);
    CHECK(bad[0].find("bad.m4a: its sound is damaged from ") != std::string::npos);
    const auto samples = samples_of(dir / target);
    CHECK(seconds_of(samples) == Approx(4).margin(0.1));
    CHECK(hertz_at(samples, 0.3) == Approx(400).margin(10));
    CHECK(hertz_at(samples, 3.5) == Approx(400).margin(10));
  }
}

TEST_CASE("a file that is no sound is told what sound files are") {
  const TempDir dir;
  const std::string base = dir.path().string();
  std::ofstream(dir / "a.txt") << "no sound at all, only words\n";
  const std::string files = "an MP3, M4A, WAV, FLAC, Ogg or Opus file, or a video that has sound";
  CHECK(error_of(ErrorKind::Input, [&] { check_sound(dir / "a.txt"); }) ==
        base + "/a.txt: is not sound that FFmpeg can read; give " + files);
  const auto mute = ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 5 -c:v libx264", dir / "mute.mp4");
  CHECK(error_of(ErrorKind::Input, [&] { check_sound(mute); }) == base + "/mute.mp4: holds no sound; give " + files);
  check_sound(ffmpeg("-f lavfi -i sine=duration=0.2", dir / "a.wav"));
}
