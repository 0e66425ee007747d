#include "media/video_writer.h"

#include <csignal>

#include <sys/resource.h>

#include "media_support.h"

using namespace animate::media;
using namespace animate::test;
using namespace animate;

namespace {

VideoWriterOptions at_rate(Rational rate) {
  VideoWriterOptions options;
  options.frame_rate = rate;
  options.time_base = {rate.den, rate.num};
  return options;
}

void write_scene(const std::filesystem::path& path, int frames, const VideoWriterOptions& options, int width = 96,
                 int height = 64) {
  VideoWriter writer(path, width, height, options);
  for (int i = 0; i < frames; ++i) writer.write({scene(width, height, i), i, 1});
  writer.finish();
  CHECK(writer.frames_written() == frames);
}

}  // namespace

TEST_CASE("every container holds every frame at the exact rate") {
  const TempDir dir;
  struct Row {
    std::string name, codec;
    Rational rate;
  };
  for (const Row& row : {Row{"a.mp4", "h264", {30000, 1001}}, Row{"a.mov", "h264", {25, 1}},
                         Row{"a.mkv", "h264", {24, 1}}, Row{"a.webm", "vp9", {25, 1}}, Row{"a.gif", "gif", {10, 1}}}) {
    INFO(row.name);
    write_scene(dir / row.name, 45, at_rate(row.rate));
    VideoReader reader(dir / row.name);
    CHECK(reader.info().codec == row.codec);
    CHECK(reader.info().frame_rate == row.rate);
    CHECK(reader.info().width == 96);
    const auto frames = read_all(reader);
    CHECK(frames.size() == 45);
    const double length =
        static_cast<double>(frames.back().pts + frames.back().duration) * reader.info().time_base.value();
    CHECK(length == Approx(45 / row.rate.value()).margin(0.002));
    CHECK(reader.warnings().empty());
    CHECK(near(pixel(frames[44].image, 36, 12), {240, 30, 30}, 14));
  }
  CHECK(dir.entries() == 5);
  CHECK(probe("-select_streams v -show_entries stream=color_range,color_space,color_transfer,color_primaries,pix_fmt",
              dir / "a.mp4") == "yuv420p,tv,bt709,bt709,bt709");
  const std::string head = read_bytes(dir / "a.mp4").substr(0, 64);
  CHECK(head.find("moov") != std::string::npos);
}

TEST_CASE("colours survive the way out and in") {
  const TempDir dir;
  for (const std::string name : {"c.mp4", "c.webm", "c.gif"}) {
    for (const Rgb color : {Rgb{220, 30, 30}, Rgb{30, 200, 40}, Rgb{40, 40, 210}, Rgb{255, 255, 255}, Rgb{0, 0, 0}}) {
      VideoWriter writer(dir / name, 64, 48, at_rate({25, 1}));
      for (int i = 0; i < 3; ++i) writer.write({filled(64, 48, color), i, 1});
      writer.finish();
      CHECK(near(pixel(read_all(dir / name)[1].image, 20, 20), color, 4));
    }
  }
}

TEST_CASE("frame times go through unchanged") {
  const TempDir dir;
  for (const std::string name : {"v.mp4", "v.mov", "v.mkv"}) {
    INFO(name);
    VideoWriterOptions options;
    options.frame_rate = {20, 1};
    options.time_base = {1, 1000};
    const std::vector<int64_t> times = {0, 40, 90, 100, 300, 333, 500, 1000, 1040, 1080};
    {
      VideoWriter writer(dir / name, 96, 64, options);
      for (size_t i = 0; i < times.size(); ++i) writer.write({scene(96, 64, static_cast<int>(i)), times[i], 120});
      writer.finish();
    }
    VideoReader reader(dir / name);
    const auto frames = read_all(reader);
    REQUIRE(frames.size() == times.size());
    for (size_t i = 0; i < times.size(); ++i) {
      const double seconds = static_cast<double>(frames[i].pts) * reader.info().time_base.value();
      CHECK(seconds == Approx(static_cast<double>(times[i]) / 1000).margin(1e-6));
    }
    if (name != "v.mkv") CHECK(*reader.info().duration_seconds == Approx(1.2).margin(0.045));
  }
}

TEST_CASE("odd sizes are padded, once said") {
  const TempDir dir;
  VideoWriter writer(dir / "odd.mp4", 101, 67, at_rate({25, 1}));
  writer.write({filled(101, 67, {200, 60, 60}), 0, 1});
  writer.write({filled(101, 67, {200, 60, 60}), 1, 1});
  writer.finish();
  REQUIRE(writer.warnings().size() == 1);
  CHECK(writer.warnings()[0] ==
        (dir / "odd.mp4").string() + ": yuv420p needs even sizes, so the video is padded from 101x67 to 102x68");
  const auto frames = read_all(dir / "odd.mp4");
  CHECK(frames[0].image.width() == 102);
  CHECK(near(pixel(frames[1].image, 101, 67), {200, 60, 60}, 4));
}

TEST_CASE("options reach the encoder") {
  const TempDir dir;
  VideoWriterOptions options = at_rate({25, 1});
  options.pix_fmt = "yuv444p";
  options.preset = "ultrafast";
  options.metadata["title"] = "a face";
  write_scene(dir / "a.mp4", 10, options);
  CHECK(probe("-show_entries stream=pix_fmt:format_tags=title", dir / "a.mp4") == "yuv444p\na face");
  options = at_rate({25, 1});
  write_scene(dir / "good.mp4", 20, options, 320, 240);
  options.crf = 40;
  write_scene(dir / "small.mp4", 20, options, 320, 240);
  CHECK(std::filesystem::file_size(dir / "small.mp4") < std::filesystem::file_size(dir / "good.mp4"));
  options = at_rate({25, 1});
  options.codec = "mpeg4";
  write_scene(dir / "m.mkv", 5, options);
  CHECK(read_all(dir / "m.mkv").size() == 5);
}

TEST_CASE("pictures: numbered files, or one") {
  const TempDir dir;
  write_scene(dir / "frame-%03d.png", 3, at_rate({25, 1}), 33, 21);
  CHECK(dir.entries() == 3);
  const auto frames = read_all(dir / "frame-%03d.png");
  REQUIRE(frames.size() == 3);
  const Image expected = scene(33, 21, 2);
  CHECK(std::equal(expected.data(), expected.data() + expected.size_bytes(), frames[2].image.data()));
  CHECK(std::filesystem::exists(dir / "frame-001.png"));

  write_scene(dir / "one.png", 1, at_rate({25, 1}));
  CHECK(std::filesystem::is_regular_file(dir / "one.png"));
  const std::string base = dir.path().string();
  {
    VideoWriter writer(dir / "two.jpg", 32, 32, at_rate({25, 1}));
    writer.write({filled(32, 32, {1, 2, 3}), 0, 1});
    CHECK(error_of(ErrorKind::Usage,
                   [&] {
                     writer.write({filled(32, 32, {1, 2, 3}), 1, 1});
                   }) ==
          base + "/two.jpg: one picture cannot hold a clip; write to " + base + "/two-%05d.jpg for a picture a frame");
  }
  CHECK(dir.entries() == 4);

  VideoWriter again(dir / "frame-%03d.png", 32, 32, at_rate({25, 1}));
  again.write({filled(32, 32, {1, 2, 3}), 0, 1});
  again.finish();
  REQUIRE(again.warnings().size() == 1);
  CHECK(again.warnings()[0] == base + "/frame-002.png: is left from an earlier run and does not belong to this one");
}

TEST_CASE("an abandoned video leaves nothing, a finished one replaces the old") {
  const TempDir dir;
  for (const std::string name : {"a.mp4", "a.gif", "a-%d.png", "a.webm"}) {
    VideoWriter writer(dir / name, 64, 48, at_rate({25, 1}));
    for (int i = 0; i < 3; ++i) writer.write({scene(64, 48, i), i, 1});
  }
  CHECK(dir.entries() == 0);
  dir.write("a.mp4", "old");
  {
    VideoWriter writer(dir / "a.mp4", 64, 48, at_rate({25, 1}));
    writer.write({scene(64, 48, 0), 0, 1});
    CHECK(read_bytes(dir / "a.mp4") == "old");
    writer.finish();
  }
  CHECK(dir.entries() == 1);
  CHECK(read_all(dir / "a.mp4").size() == 1);
}

TEST_CASE("any file name can be written") {
  const TempDir dir;
  for (const std::string name : {"-a b'\xc3\xbc:%d.mp4", "http:x.mp4", "100%.png", "%s%n.gif"}) {
    INFO(name);
    write_scene(dir / name, 1, at_rate({25, 1}));
    CHECK(read_all(dir / name).size() == 1);
  }
  CHECK(dir.entries() == 4);
}

TEST_CASE("output names and options are checked before any work") {
  const auto refused = [](const std::string& path, const VideoWriterOptions& options = {}) {
    return error_of(ErrorKind::Usage, [&] { check_output_name(path, options); });
  };
  VideoWriterOptions options;
  check_output_name("out.MP4", options);
  check_output_name("out.m4v", options);
  check_output_name("out-%05d.png", options);
  const std::string endings = "end the name in .mp4, .mov, .mkv, .webm, .gif, .png, .jpg";
  CHECK(refused("out.xyz") == "out.xyz: .xyz is not a kind of file that can be written; " + endings);
  CHECK(refused("out") == "out: a name without suffix is not a kind of file that can be written; " + endings);
  CHECK(refused("out/") == "out/: a name without suffix is not a kind of file that can be written; " + endings);
  options.codec = "libx999";
  CHECK(refused("out.mp4", options) == "out.mp4: this FFmpeg has no video encoder named libx999; try libx264");
  options.codec = "aac";
  CHECK(refused("out.mp4", options) == "out.mp4: this FFmpeg has no video encoder named aac; try libx264");
  options.codec = "libx264";
  CHECK(refused("out.webm", options) ==
        "out.webm: a .webm file cannot hold libx264 video; choose another codec or suffix");
  CHECK(refused("out.png", options) == "out.png: pictures have no codec to choose; leave it out");
  options.codec = "";
  options.crf = 52;
  CHECK(refused("out.mp4", options) ==
        "out.mp4: a quality (CRF) of 52 is outside the range of libx264; give 0 (best) to 51");
  options.crf = 18;
  options.pix_fmt = "blue";
  CHECK(refused("out.mp4", options) == "out.mp4: there is no pixel format blue; give one such as yuv420p");
  options.pix_fmt = "rgb24";
  CHECK(refused("out.mp4", options) ==
        "out.mp4: libx264 cannot encode the pixel format rgb24; give one such as yuv420p");
  options.pix_fmt = "";
  options.preset = "warp";
  const TempDir dir;
  const std::string base = dir.path().string();
  options.frame_rate = {25, 1};
  CHECK(refused("out.mp4", options) ==
        "out.mp4: libx264 has no preset warp; give one of ultrafast, superfast, veryfast, faster, fast, medium, slow, "
        "slower, veryslow, placebo");
  CHECK(error_of(ErrorKind::Usage, [&] { VideoWriter(dir / "a.webm", 64, 64, options); }) ==
        base + "/a.webm: libvpx-vp9 has no presets; leave the preset out");
  options.preset = "";
  // The size is told as the reason only where it is: DV takes a few sizes, and a hardware encoder needs its device.
  options.codec = "dvvideo";
  CHECK(error_of(ErrorKind::Usage, [&] { VideoWriter(dir / "a.mov", 64, 64, options); }) ==
        base + "/a.mov: dvvideo does not start at 64x64 pixels (Invalid argument); choose another codec or size");
  options.codec = "h264_v4l2m2m";
  CHECK(error_of(ErrorKind::Usage, [&] { VideoWriter(dir / "a.mp4", 64, 64, options); }) ==
        base + "/a.mp4: h264_v4l2m2m does not start (Invalid argument); choose another codec, with --codec");
  options.codec = "";
  CHECK(error_of(ErrorKind::Input, [&] { VideoWriter(dir / "no/a.mp4", 64, 64, options); }) ==
        base + "/no/a.mp4: the folder " + base + "/no does not exist; create it or choose another output");
  CHECK(dir.entries() == 0);
}

TEST_CASE("a full disk is one sentence and leaves nothing") {
  const TempDir dir;
  // A limit on the size of files acts like a full disk, without one.
  rlimit old{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &old) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = old;
  small.rlim_cur = 6000;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::vector<std::string> messages;
  for (const std::string name : {"a.mp4", "a.mkv", "a.gif", "a.webm", "a%d.png"}) {
    messages.push_back(error_of(ErrorKind::DiskFull, [&] {
      VideoWriter writer(dir / name, 320, 240, at_rate({25, 1}));
      Image noise(320, 240);
      uint32_t state = 1;
      for (int i = 0; i < 12; ++i) {
        for (size_t k = 0; k < noise.size_bytes(); ++k) {
          noise.data()[k] = static_cast<uint8_t>((state = state * 1664525U + 1013904223U) >> 24U);
        }
        writer.write({noise, i, 1});
      }
      writer.finish();
    }));
    CHECK(messages.back() ==
          (dir / name).string() + ": no space left on the device; free some or choose another output");
    CHECK(dir.entries() == 0);
  }
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
}
