#include <algorithm>
#include <cmath>
#include <numeric>

#include "media/media_info.h"
#include "media/video_writer.h"
#include "media_support.h"

using namespace animate::media;
using namespace animate::test;
using namespace animate;

namespace {

const std::string kClip = "-f lavfi -i testsrc2=size=96x64:rate=25:duration=1 ";

double mean_luma(const Image& image) {
  double sum = 0;
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    sum += 0.2126 * image.data()[i] + 0.7152 * image.data()[i + 1] + 0.0722 * image.data()[i + 2];
  }
  return sum * 3 / static_cast<double>(image.size_bytes());
}

double mean_chroma(const Image& image) {
  double sum = 0;
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    const auto [low, high] = std::minmax({image.data()[i], image.data()[i + 1], image.data()[i + 2]});
    sum += high - low;
  }
  return sum * 3 / static_cast<double>(image.size_bytes());
}

// How much a row differs from the mean of its neighbours: combs make it large.
double combs(const Image& image) {
  double sum = 0;
  int64_t count = 0;
  for (int y = 1; y + 1 < image.height(); ++y) {
    for (size_t x = 0; x < image.stride(); ++x, ++count) {
      sum += std::abs(image.row(y)[x] - (image.row(y - 1)[x] + image.row(y + 1)[x]) / 2.0);
    }
  }
  return sum / static_cast<double>(count);
}

bool has_filters() {
  return !output_of("ffmpeg -v error -hide_banner -filters | grep -c -E ' zscale | tonemap '").empty();
}

}  // namespace

TEST_CASE("a cover that is the default stream is not the clip") {
  const TempDir dir;
  const auto clip =
      ffmpeg(kClip + "-f lavfi -i color=red:size=640x480:rate=25:duration=0.04 -map 0 -map 1 -c:v:0 libx264 " +
                 "-c:v:1 mjpeg -disposition:v:0 0 -disposition:v:1 default",
             dir / "a.mkv");
  CHECK(classify_media(clip) == MediaKind::Video);
  CHECK(probe_media(clip).width == 96);
  VideoReader reader(clip);
  CHECK(reader.info().width == 96);
  CHECK(reader.notes().empty());
  CHECK(read_all(reader).size() == 25);
}

TEST_CASE("of several video streams the longest that moves is read, or the one asked for") {
  const TempDir dir;
  const std::string base = dir.path().string();
  const auto clip = ffmpeg(
      "-f lavfi -i testsrc2=size=128x96:rate=25:duration=0.4 -f lavfi -i color=red:size=64x48:rate=25:duration=0.04 " +
          kClip + "-map 0 -map 1 -map 2 -c:v libx264 -disposition:v:0 default",
      dir / "a.mkv");
  VideoReader reader(clip);
  CHECK(reader.info().width == 96);
  CHECK(reader.notes() ==
        std::vector<std::string>{base + "/a.mkv: of 3 video streams number 2 is read, the longest that "
                                        "moves (--video-stream N)"});
  CHECK(read_all(reader).size() == 25);
  CHECK(read_all(clip, {.video_stream = 0}).size() == 10);
  VideoReader second(clip, {.video_stream = 1});
  CHECK(second.info().width == 64);
  CHECK(second.notes().empty());
  CHECK(error_of(ErrorKind::Usage, [&] { VideoReader(clip, {.video_stream = 3}); }) ==
        base + "/a.mkv: has no video stream 3, as there are 3, counted from 0; choose another --video-stream");
}

TEST_CASE("a folder of pictures has the rate that it is given") {
  const TempDir dir;
  const std::string base = dir.path().string();
  std::filesystem::create_directory(dir / "f");
  ffmpeg("-f lavfi -i testsrc2=size=32x32:rate=25 -frames:v 12", dir / "f/%03d.png");
  VideoReader usual(dir / "f");
  CHECK(usual.info().frame_rate == Rational{25, 1});
  CHECK(usual.notes() == std::vector<std::string>{base + "/f: 12 pictures are read at 25 a second (--driving-fps or "
                                                         "--source-fps sets another rate)"});
  VideoReader given(dir / "f", {.start_seconds = 0.2, .picture_rate = Rational{30000, 1001}});
  CHECK(given.info().frame_rate == Rational{30000, 1001});
  CHECK(given.info().time_base == Rational{1001, 30000});
  CHECK(*given.info().duration_seconds == Approx(12 * 1001 / 30000.0));
  CHECK(given.notes() == std::vector<std::string>{base + "/f: 12 pictures are read at 29.97 a second"});
  CHECK(read_all(given).size() == 6);
}

TEST_CASE("files of other kinds in a folder of pictures are named and counted") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "f");
  ffmpeg("-f lavfi -i testsrc2=size=32x32:rate=25 -frames:v 2", dir / "f/%03d.png");
  for (const std::string name : {"a10.doc", "a2.doc", "b.doc", "c.doc", ".hidden"})
    std::ofstream(dir / "f" / name) << "x";
  VideoReader reader(dir / "f");
  CHECK(reader.warnings() ==
        std::vector<std::string>{dir.path().string() + "/f: passed over 4 of 6 files, by their names of other kinds: "
                                                       "a2.doc, a10.doc, b.doc and 1 more"});
  CHECK(read_all(reader).size() == 2);
}

TEST_CASE("interlaced clips become whole pictures, one for one") {
  const TempDir dir;
  const std::string base = dir.path().string();
  // Fifty pictures a second of something that moves, woven into twenty-five.
  const std::string moving = "-f lavfi -i testsrc2=size=352x288:rate=50:duration=0.8 -vf tinterlace=interleave_top ";
  const auto clip = ffmpeg(moving + "-c:v mpeg2video -q:v 2 -flags +ilme+ildct", dir / "a.ts");
  VideoReader reader(clip);
  const auto frames = read_all(reader);
  const auto combed = read_all(clip, {.deinterlace = Switch::Off});
  REQUIRE(combed.size() == 20);
  REQUIRE(frames.size() == 20);
  for (size_t i = 0; i < frames.size(); ++i) {
    CHECK(frames[i].pts == combed[i].pts);
    CHECK(frames[i].duration == combed[i].duration);
  }
  CHECK(combs(frames[10].image) < 0.7 * combs(combed[10].image));
  CHECK(reader.notes() ==
        std::vector<std::string>{base + "/a.ts: is interlaced, so it is deinterlaced (--deinterlace off keeps it)"});
  // Also from a moment on.
  CHECK(read_all(clip, {.start_seconds = 0.4}).size() == 10);
  // A header that says so is enough, and --deinterlace on needs none.
  const auto raw = ffmpeg(moving + "-c:v ffv1 -field_order tt", dir / "b.mkv");
  CHECK(combs(read_all(raw)[10].image) < 0.7 * combs(combed[10].image));
  const auto silent = ffmpeg(moving + "-c:v libx264 -crf 10", dir / "c.mp4");
  VideoReader asked(silent, {.deinterlace = Switch::On});
  CHECK(combs(read_all(asked)[10].image) < 0.7 * combs(combed[10].image));
  // Progressive clips are left alone.
  VideoReader plain(ffmpeg(kClip + "-c:v libx264", dir / "p.mp4"));
  read_all(plain);
  CHECK(plain.notes().empty());
}

TEST_CASE("HDR is tone-mapped to the colours that its SDR original has") {
  REQUIRE(has_filters());
  const TempDir dir;
  const std::string base = dir.path().string();
  const auto sdr = ffmpeg(
      "-f lavfi -i smptebars=size=96x64:rate=25 -frames:v 5 -vf scale=out_color_matrix=bt709,setparams=color_primaries="
      "bt709:color_trc=bt709:colorspace=bt709 -c:v libx264 -crf 8 -pix_fmt yuv444p",
      dir / "sdr.mp4");
  const Image original = read_all(sdr).front().image;
  for (const std::string transfer : {"smpte2084", "arib-std-b67"}) {
    INFO(transfer);
    const auto hdr = ffmpeg("-i " + shell_quoted(sdr) +
                                " -vf zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020:t=" + transfer +
                                ":m=bt2020nc:r=tv:npl=203,format=yuv420p10le -c:v ffv1 -color_primaries bt2020 "
                                "-color_trc " +
                                transfer + " -colorspace bt2020nc",
                            dir / (transfer + ".mkv"));
    VideoReader reader(hdr);
    const auto frames = read_all(reader);
    REQUIRE(frames.size() == 5);
    CHECK(mean_luma(frames[0].image) == Approx(mean_luma(original)).epsilon(0.1));
    CHECK(mean_chroma(frames[0].image) == Approx(mean_chroma(original)).epsilon(0.15));
    const std::string kind = transfer == "smpte2084" ? "PQ" : "HLG";
    CHECK(reader.notes() == std::vector<std::string>{base + "/" + transfer + ".mkv: is HDR (" + kind +
                                                     "), so its colours are tone-mapped to BT.709"});
  }
}

TEST_CASE("HDR of odd sizes is read, and tags that contradict each other cost the conversion only") {
  const TempDir dir;
  const std::string base = dir.path().string();
  // The pictures themselves are tagged: asked for as an output's colours, FFmpeg 7 would convert them.
  const std::string odd =
      "-f lavfi -i testsrc=size=97x65:rate=25:duration=0.2 -c:v ffv1 -vf format=yuv420p10le,setparams=color_primaries="
      "bt2020:color_trc=smpte2084:colorspace=";
  VideoReader reader(ffmpeg(odd + "bt2020nc", dir / "odd.mkv"));
  CHECK(read_all(reader).size() == 5);
  CHECK(reader.notes().size() == 1);
  VideoReader wrong(ffmpeg(odd + "ycgco", dir / "wrong.mkv"));
  const auto frames = read_all(wrong);
  CHECK(frames.size() == 5);
  CHECK(frames.front().image.width() == 97);
}

TEST_CASE("a GIF above fifty frames a second is as long in players as the clip") {
  const TempDir dir;
  struct Row {
    Rational rate;
    int frames;
    double seconds;
  };
  for (const Row& row : {Row{{60, 1}, 30, 0.5}, Row{{100, 1}, 50, 0.5}, Row{{120, 1}, 60, 0.5}, Row{{50, 1}, 25, 0.5},
                         Row{{25, 1}, 10, 0.4}}) {
    INFO(row.rate.num);
    const auto path = dir / (std::to_string(row.rate.num) + ".gif");
    VideoWriterOptions options;
    options.frame_rate = row.rate;
    options.time_base = {row.rate.den, row.rate.num};
    VideoWriter writer(path, 32, 32, options);
    for (int i = 0; i < row.frames; ++i) writer.write({scene(32, 32, i), i, 1});
    writer.finish();
    // The delays as they stand in the file, hundredths of a second.
    const std::string bytes = read_bytes(path);
    std::vector<int> delays;
    for (size_t at = bytes.find("\x21\xf9\x04"); at != std::string::npos; at = bytes.find("\x21\xf9\x04", at + 1)) {
      delays.push_back(static_cast<uint8_t>(bytes[at + 4]) | static_cast<uint8_t>(bytes[at + 5]) << 8);
    }
    REQUIRE_FALSE(delays.empty());
    CHECK(*std::min_element(delays.begin(), delays.end()) >= 2);
    CHECK(std::accumulate(delays.begin(), delays.end(), 0) / 100.0 == Approx(row.seconds).margin(0.001));
  }
}

TEST_CASE("jumps in a clip's times are shortened where that is asked for, and its sound with them") {
  const TempDir dir;
  const std::string base = dir.path().string();
  const auto even = ffmpeg(
      "-f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=sample_rate=48000:duration=2 -c:v libx264 "
      "-bf 0 -c:a pcm_s16le",
      dir / "even.mkv");
  // Copied, so that the times are Matroska's milliseconds in every FFmpeg.
  const std::string jump =
      "setts=pts='if(gte(PTS\\,1000)\\,PTS+7200000\\,PTS)':dts='if(gte(DTS\\,1000)\\,DTS+7200000\\,DTS)' ";
  const auto clip = ffmpeg("-i " + shell_quoted(even) + " -c copy -bsf:v " + jump + "-bsf:a " + jump, dir / "a.mkv");
  const auto last_time = [&](const VideoReaderOptions& options, std::vector<std::string>& warnings) {
    VideoReader reader(clip, options);
    const auto frames = read_all(reader);
    CHECK(frames.size() == 50);
    warnings = reader.warnings();
    return static_cast<double>(frames.back().pts) * reader.info().time_base.value();
  };
  std::vector<std::string> warnings;
  CHECK(last_time({}, warnings) == Approx(7201.96).margin(0.01));
  CHECK(warnings.empty());
  CHECK(last_time({.longest_gap_seconds = 10.0}, warnings) == Approx(0.96 + 10 + 0.96).margin(0.01));
  CHECK(warnings ==
        std::vector<std::string>{base + "/a.mkv: its times jump by 2 h 00 min at 1.0 s; the picture before is "
                                        "held for 10 s only (--keep-gaps holds it for all of it)"});
  AudioSource sound{clip};
  sound.longest_gap_seconds = 10;
  VideoWriterOptions options;
  options.frame_rate = {1, 1};
  options.time_base = {1, 1};
  options.audio = sound;
  VideoWriter writer(dir / "o.mp4", 64, 48, options);
  for (int i = 0; i < 13; ++i) writer.write({scene(64, 48, i), i, 1});
  writer.finish();
  // A tone of a second at each end of ten seconds of silence.
  const std::string raw = output_of("ffmpeg -hide_banner -i " + shell_quoted(dir / "o.mp4") +
                                    " -map 0:a -af silencedetect=n=-40dB:d=1 -f null - 2>&1 | grep -o "
                                    "'silence_[a-z]*: [0-9.]*' | head -2 | cut -d' ' -f2 | tr '\\n' ' '");
  double begin = 0;
  double end = 0;
  REQUIRE(std::sscanf(raw.c_str(), "%lf %lf", &begin, &end) == 2);
  CHECK(begin == Approx(1).margin(0.06));
  CHECK(end == Approx(10.96).margin(0.08));
}
