#include <cmath>

#include "media/media_info.h"
#include "media/video_writer.h"
#include "media_support.h"

using namespace animate::media;
using namespace animate::test;
using namespace animate;

namespace {

// A clip of `seconds` with a video of 25 frames a second and a sine.
std::filesystem::path with_sound(const std::filesystem::path& path, const std::string& codecs, double seconds = 3,
                                 const std::string& sound = "sine=frequency=440:sample_rate=48000") {
  const std::string length = std::to_string(seconds);
  return ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25:duration=" + length + " -f lavfi -i \"" + sound +
                    ":duration=" + length + "\" " + codecs,
                path);
}

std::vector<std::string> write_with(const std::filesystem::path& path, const AudioSource& audio, int frames) {
  VideoWriterOptions options;
  options.frame_rate = {25, 1};
  options.time_base = {1, 12800};
  options.audio = audio;
  VideoWriter writer(path, 64, 48, options);
  for (int i = 0; i < frames; ++i) writer.write({scene(64, 48, i), i * 512, 512});
  writer.finish();
  return writer.warnings();
}

std::string packet_hash(const std::filesystem::path& path) {
  return output_of("ffmpeg -v error -i " + shell_quoted("file:" + path.string()) + " -map 0:a -c copy -f md5 -");
}

double number(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

double audio_seconds(const std::filesystem::path& path) {
  // Counted in decoded samples, which no header can embellish.
  const std::string raw = output_of("ffmpeg -v error -i " + shell_quoted("file:" + path.string()) +
                                    " -map 0:a -ac 1 -ar 48000 -f s16le - | wc -c");
  return number(raw) / 2 / 48000;
}

// Seconds after the first picture at which the decoded sound gets loud.
double first_sound(const std::filesystem::path& path) {
  const auto raw = std::filesystem::path(path.string() + ".raw");
  ffmpeg("-copyts -i " + shell_quoted("file:" + path.string()) +
             " -map 0:a -af aresample=async=1:first_pts=0 -ac 1 -ar 48000 -f s16le",
         raw);
  const double picture = number(probe("-select_streams v -show_entries stream=start_time", path));
  const std::string bytes = read_bytes(raw);
  std::filesystem::remove(raw);
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const auto sample = static_cast<int16_t>(static_cast<uint8_t>(bytes[i]) | static_cast<uint8_t>(bytes[i + 1]) << 8);
    if (std::abs(sample) > 1500) return static_cast<double>(i) / 2 / 48000 - picture;
  }
  return -1;
}

}  // namespace

TEST_CASE("sound that fits the container is copied bit by bit") {
  const TempDir dir;
  struct Row {
    std::string source, codecs, target, codec;
  };
  for (const Row& row :
       {Row{"s.mp4", "-c:v libx264 -c:a aac", "o.mp4", "aac"}, Row{"s.mkv", "-c:v libx264 -c:a aac", "o.mp4", "aac"},
        Row{"s.mp4", "-c:v libx264 -c:a aac", "o.mov", "aac"},
        Row{"s.mp4", "-c:v libx264 -c:a libmp3lame", "o.mp4", "mp3"},
        Row{"s.webm", "-c:v libvpx -deadline realtime -c:a libopus", "o.webm", "opus"},
        Row{"s.webm", "-c:v libvpx -deadline realtime -c:a libopus", "o.mkv", "opus"},
        Row{"s.mkv", "-c:v libx264 -c:a libvorbis", "o.webm", "vorbis"},
        Row{"s.mkv", "-c:v libx264 -c:a flac", "o.mkv", "flac"}}) {
    INFO(row.source << ' ' << row.codecs << " -> " << row.target);
    const auto source = with_sound(dir / row.source, row.codecs);
    CHECK(write_with(dir / row.target, {source}, 80).empty());
    CHECK(probe_media(dir / row.target).audio_codec == row.codec);
    CHECK(packet_hash(dir / row.target) == packet_hash(source));
    const auto frames = read_all(dir / row.target);
    CHECK(frames.size() == 80);
    // Opus in files of FFmpeg 5 starts 7 ms before the picture, which no new file can hold.
    CHECK(std::abs(first_sound(dir / row.target) - first_sound(source)) < (row.codec == "opus" ? 0.01 : 0.003));
    CHECK(number(probe("-select_streams v -show_entries stream=start_time", dir / row.target)) ==
          Approx(0).margin(0.0005));
  }
}

TEST_CASE("other sound is encoded again") {
  const TempDir dir;
  struct Row {
    std::string source, codecs, target, codec;
  };
  for (const Row& row : {Row{"s.mkv", "-c:v libx264 -c:a pcm_s16le", "o.mp4", "aac"},
                         Row{"s.webm", "-c:v libvpx -c:a libvorbis", "o.mp4", "aac"},
                         Row{"s.mp4", "-c:v libx264 -c:a aac", "o.webm", "opus"},
                         Row{"s.avi", "-c:v mpeg4 -c:a pcm_u8 -ar 11025 -ac 2", "o.mov", "aac"},
                         Row{"s.mkv", "-c:v libx264 -ac 6 -c:a flac", "o.webm", "flac"}}) {
    INFO(row.source << ' ' << row.codecs << " -> " << row.target);
    const auto source = with_sound(dir / row.source, row.codecs);
    CHECK(write_with(dir / row.target, {source}, 75).empty());
    const MediaInfo info = probe_media(dir / row.target);
    CHECK(info.audio_codec == (row.codec == "flac" ? "opus" : row.codec));
    // One packet more at most; at 11025 Hz a packet of AAC lasts 93 ms.
    CHECK(audio_seconds(dir / row.target) == Approx(3).margin(row.source == "s.avi" ? 0.1 : 0.05));
    CHECK(std::abs(first_sound(dir / row.target) - first_sound(source)) < 0.003);
    CHECK(number(probe("-select_streams v -show_entries stream=start_time", dir / row.target)) ==
          Approx(0).margin(0.0005));
  }
}

TEST_CASE("sound ends with the video and starts where it started") {
  const TempDir dir;
  for (const std::string codec : {"aac", "pcm_s16le"}) {
    for (const std::string target : {"o.mp4", "o.mkv", "o.webm"}) {
      INFO(codec << " -> " << target);
      const auto source = with_sound(dir / "s.mkv", "-c:v libx264 -c:a " + codec, 6);
      write_with(dir / target, {source}, 50);
      CHECK(audio_seconds(dir / target) == Approx(2).margin(0.03));

      // The sound begins 0.8 s after the picture.
      const auto late = ffmpeg(
          "-i " + shell_quoted(source) + " -itsoffset 0.8 -i " + shell_quoted(source) + " -map 0:v -map 1:a -c copy",
          dir / "late.mkv");
      write_with(dir / target, {late}, 50);
      CHECK(first_sound(dir / target) == Approx(0.8).margin(0.03));
      CHECK(number(probe("-select_streams v -show_entries stream=start_time", dir / target)) ==
            Approx(0).margin(0.0005));
    }
  }
}

TEST_CASE("sound is cut with the clip") {
  const TempDir dir;
  // Silence for 4 s, then a tone: cut at 2.5 s, the tone starts at 1.5 s.
  const std::string tone = "aevalsrc=exprs=if(gte(t\\,4)\\,sin(440*2*PI*t)\\,0):s=48000";
  for (const std::string codec : {"aac", "pcm_s16le", "libopus"}) {
    for (const std::string target : {"o.mp4", "o.mkv", "o.webm"}) {
      INFO(codec << " -> " << target);
      const auto source = with_sound(dir / "s.mkv", "-c:v libx264 -c:a " + codec, 8, tone);
      write_with(dir / target, {source, 2.5, 5.0}, 100);
      CHECK(first_sound(dir / target) == Approx(1.5).margin(0.03));
      CHECK(audio_seconds(dir / target) == Approx(2.5).margin(0.05));
      CHECK(number(probe("-select_streams v -show_entries stream=start_time", dir / target)) ==
            Approx(0).margin(0.0005));
    }
  }
}

TEST_CASE("no sound is a warning, a missing file an error") {
  const TempDir dir;
  const std::string base = dir.path().string();
  const auto mute = ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25 -frames:v 5 -c:v libx264", dir / "mute.mp4");
  CHECK(write_with(dir / "o.mp4", {mute}, 5) ==
        std::vector<std::string>{base + "/mute.mp4: has no sound to take over"});
  const auto source = with_sound(dir / "s.mp4", "-c:v libx264 -c:a aac", 1);
  CHECK(write_with(dir / "o.gif", {source}, 5) ==
        std::vector<std::string>{base + "/o.gif: this kind of file holds no sound, so it is left out"});
  CHECK(write_with(dir / "o-%d.png", {source}, 2) ==
        std::vector<std::string>{base + "/o-%d.png: this kind of file holds no sound, so it is left out"});
  CHECK(error_of(ErrorKind::Input, [&] { write_with(dir / "p.mp4", {dir / "none.mp4"}, 5); }) ==
        base + "/none.mp4: no such file; check the path");
  CHECK_FALSE(std::filesystem::exists(dir / "p.mp4"));
  // A sound file without pictures works too.
  const auto music = ffmpeg("-f lavfi -i sine=duration=2 -c:a libmp3lame", dir / "m.mp3");
  CHECK(write_with(dir / "q.mp4", {music}, 25).empty());
  CHECK(audio_seconds(dir / "q.mp4") == Approx(1).margin(0.05));
}
