#include "media/video_reader.h"

#include <cmath>

#include "base/error.h"
#include "media/media_info.h"
#include "media_support.h"
#include "support/fixtures.h"
#include "support/skip.h"

using namespace animate::media;
using namespace animate::test;
using namespace animate;

namespace {

const std::string kTestSource = "-f lavfi -i testsrc2=size=96x64:rate=";

void check_times(const std::vector<Frame>& frames) {
  REQUIRE_FALSE(frames.empty());
  CHECK(frames.front().pts == 0);
  for (size_t i = 1; i < frames.size(); ++i) CHECK(frames[i].pts > frames[i - 1].pts);
  for (const Frame& frame : frames) CHECK(frame.duration > 0);
}

}  // namespace

TEST_CASE("every frame of a clip comes out, at the exact rate") {
  const TempDir dir;
  struct Row {
    std::string rate, codec, name;
    int frames;
    Rational expected;
  };
  const std::vector<Row> rows = {
      {"30000/1001", "-c:v libx264 -bf 3 -g 12 -pix_fmt yuv420p", "ntsc.mp4", 47, {30000, 1001}},
      {"25", "-c:v libx264 -bf 3 -pix_fmt yuv420p", "pal.mkv", 31, {25, 1}},
      {"24000/1001", "-c:v libvpx-vp9 -deadline realtime", "film.webm", 20, {24000, 1001}},
      {"25", "-c:v mpeg4", "old.avi", 12, {25, 1}},
      {"50", "-c:v mpeg2video -bf 2", "dvb.ts", 25, {50, 1}},
      {"10", "-c:v gif", "anim.gif", 13, {10, 1}},
      {"60", "-c:v libx264 -pix_fmt yuv420p10le", "ten.mp4", 9, {60, 1}},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto path =
        ffmpeg(kTestSource + row.rate + " -frames:v " + std::to_string(row.frames) + " " + row.codec, dir / row.name);
    VideoReader reader(path);
    CHECK(reader.info().width == 96);
    CHECK(reader.info().height == 64);
    CHECK(reader.info().frame_rate == row.expected);
    CHECK_FALSE(reader.info().has_audio);
    const auto frames = read_all(reader);
    CHECK(frames.size() == static_cast<size_t>(row.frames));
    CHECK(reader.frames_read() == row.frames);
    CHECK(reader.warnings().empty());
    check_times(frames);
    CHECK_FALSE(reader.next().has_value());
  }
}

TEST_CASE("frames are the same pictures that ffmpeg decodes") {
  const TempDir dir;
  for (const std::string pixels : {"yuv420p", "yuv422p10le", "yuv444p", "gbrp"}) {
    INFO(pixels);
    const auto path = ffmpeg(kTestSource + "25 -frames:v 6 -c:v ffv1 -pix_fmt " + pixels, dir / "clip.mkv");
    const auto raw = ffmpeg("-i " + shell_quoted(path) + " -vf scale=sws_flags=bicubic+accurate_rnd+full_chroma_int" +
                                " -f rawvideo -pix_fmt rgb24",
                            dir / "clip.rgb");
    const std::string expected = read_bytes(raw);
    const auto frames = read_all(path);
    REQUIRE(expected.size() == frames.size() * frames[0].image.size_bytes());
    double squares = 0;
    size_t at = 0;
    for (const Frame& frame : frames) {
      for (size_t i = 0; i < frame.image.size_bytes(); ++i, ++at) {
        const double difference = frame.image.data()[i] - static_cast<double>(static_cast<uint8_t>(expected[at]));
        squares += difference * difference;
      }
    }
    CHECK(squares / static_cast<double>(at) < 2.0);
  }
}

TEST_CASE("variable frame times are kept") {
  const TempDir dir;
  // Matroska: FFmpeg 7 writes an MP4 of such times whose edit list leaves out the last frame.
  const auto path = ffmpeg(kTestSource +
                               "20 -frames:v 10 -vf \"setpts=round(N*(N+3)/2/20/TB)\" -fps_mode vfr"
                               " -c:v libx264 -bf 2",
                           dir / "vfr.mkv");
  VideoReader reader(path);
  const double tick = reader.info().time_base.value();
  const auto frames = read_all(reader);
  REQUIRE(frames.size() == 10);
  for (int i = 0; i < 10; ++i) {
    const double expected = i * (i + 3) / 2 / 20.0;
    CHECK(static_cast<double>(frames[static_cast<size_t>(i)].pts) * tick == Approx(expected).margin(1e-4));
  }
}

namespace {

// The clip with a tag that turns it clockwise. ffmpeg has written tags by an option of its own since version 6 (it
// counts against the clock) and ignores the old way since 7.
std::filesystem::path turned(const std::filesystem::path& clip, int degrees, const std::filesystem::path& path) {
  static const bool by_option =
      std::system("ffmpeg -hide_banner -h full 2>/dev/null | grep -q -e -display_rotation") == 0;
  const std::string input = " -i " + shell_quoted(clip) + " -c copy";
  if (by_option) return ffmpeg("-display_rotation " + std::to_string(-degrees) + input, path);
  return ffmpeg(input + " -metadata:s:v rotate=" + std::to_string(degrees), path);
}

}  // namespace

TEST_CASE("rotation tags turn the picture upright") {
  const TempDir dir;
  // Left half red, right half blue.
  const auto plain = ffmpeg(
      "-f lavfi -i color=red:size=32x48:rate=10 -f lavfi -i color=blue:size=32x48:rate=10 -frames:v 3"
      " -filter_complex hstack -c:v libx264 -qp 0 -pix_fmt yuv444p",
      dir / "plain.mp4");
  int sum_of_degrees = 0;
  for (const int tag : {0, 90, 180, 270}) {
    INFO(tag);
    const auto path = turned(plain, tag, dir / "turned.mp4");
    const auto raw = ffmpeg("-i " + shell_quoted(path) + " -frames:v 1 -f rawvideo -pix_fmt rgb24", dir / "turned.rgb");
    const std::string expected = read_bytes(raw);
    VideoReader reader(path);
    sum_of_degrees += reader.info().rotation_degrees;
    CHECK(reader.info().rotation_degrees % 180 == tag % 180);
    CHECK(reader.info().width == (tag % 180 == 0 ? 64 : 48));
    const Image image = reader.next()->image;
    REQUIRE(image.width() == reader.info().width);
    REQUIRE(image.size_bytes() == expected.size());
    for (size_t i = 0; i < expected.size(); i += 97) {
      CHECK(std::abs(image.data()[i] - static_cast<uint8_t>(expected[i])) < 8);
    }
  }
  CHECK(sum_of_degrees == 540);
}

TEST_CASE("colour range and matrix are honoured") {
  const TempDir dir;
  const std::string orange = "-f lavfi -i color=0xC86432:size=64x48:rate=5,format=rgb24 -frames:v 2 ";
  for (const std::string matrix : {"bt709", "bt601"}) {
    for (const std::string range : {"limited", "full"}) {
      INFO(matrix << ' ' << range);
      const std::string tags = " -colorspace " + std::string(matrix == "bt709" ? "bt709" : "smpte170m") +
                               " -color_range " + (range == "full" ? "pc" : "tv");
      const auto path = ffmpeg(orange + "-vf scale=out_color_matrix=" + matrix + ":out_range=" + range +
                                   ",format=yuv444p -c:v libx264 -qp 0" + tags,
                               dir / "color.mp4");
      CHECK(near(pixel(read_all(path)[0].image, 30, 20), {200, 100, 50}, 3));
    }
  }
}

TEST_CASE("odd sizes, anamorphic pixels and changing sizes") {
  const TempDir dir;
  const auto odd = ffmpeg(
      "-f lavfi -i color=red:size=101x67:rate=25,format=yuv444p -frames:v 4 -c:v ffv1 -pix_fmt yuv420p", dir / "o.mkv");
  CHECK(read_all(odd)[3].image.width() == 101);
  CHECK(read_all(odd)[3].image.height() == 67);
  const auto wide = ffmpeg(kTestSource + "25 -frames:v 2 -vf setsar=4/3 -c:v libx264", dir / "wide.mp4");
  CHECK(VideoReader(wide).info().width == 128);
  CHECK(read_all(wide)[1].image.width() == 128);

  const auto small =
      ffmpeg("-f lavfi -i color=red:size=64x48:rate=25 -frames:v 3 -c:v mpeg2video -f mpegts", dir / "a.ts");
  const auto large =
      ffmpeg("-f lavfi -i color=red:size=96x64:rate=25 -frames:v 3 -c:v mpeg2video -f mpegts", dir / "b.ts");
  const auto joined = dir.write("joined.ts", read_bytes(small) + read_bytes(large));
  const auto frames = read_all(joined);
  CHECK(frames.size() >= 5);  // ffmpeg itself finds five here
  for (const Frame& frame : frames) CHECK(frame.image.width() == 64);
  check_times(frames);
}

TEST_CASE("transparent pixels show white") {
  const TempDir dir;
  const std::string source = "-f lavfi -i color=black@0.0:size=64x64:rate=10,format=rgba -frames:v 3 ";
  const auto webm = ffmpeg(source + "-c:v libvpx-vp9 -pix_fmt yuva420p -deadline realtime", dir / "a.webm");
  CHECK(near(pixel(read_all(webm)[1].image, 20, 20), {255, 255, 255}, 1));
  const auto png = ffmpeg(source + "-c:v png", dir / "a.mov");
  CHECK(near(pixel(read_all(png)[1].image, 20, 20), {255, 255, 255}, 0));
}

TEST_CASE("a part of a clip is cut frame by frame") {
  const TempDir dir;
  for (const std::string name : {"c.mp4", "c.mkv", "c.ts"}) {
    INFO(name);
    const auto path = ffmpeg(kTestSource + "25 -frames:v 100 -c:v libx264 -bf 3 -g 30", dir / name);
    const auto all = read_all(path);
    REQUIRE(all.size() == 100);
    VideoReader reader(path, {1.6, 2.4});
    CHECK(reader.info().first_frame_seconds == Approx(1.6).margin(0.001));
    const auto part = read_all(reader);
    REQUIRE(part.size() == 20);
    check_times(part);
    CHECK(std::equal(part[0].image.data(), part[0].image.data() + part[0].image.size_bytes(), all[40].image.data()));
    CHECK(std::equal(part[19].image.data(), part[19].image.data() + part[19].image.size_bytes(), all[59].image.data()));
    CHECK(reader.warnings().empty());
    CHECK(read_all(path, {std::nullopt, 0.5}).size() == 13);
    CHECK(read_all(path, {3.9, std::nullopt}).size() == 2);
    const std::string shown = path.string();
    CHECK(error_of(ErrorKind::Input, [&] {
            VideoReader(path, {9.0, std::nullopt});
          }) == shown + ": has no frame from 9 s on; choose a part inside the clip");
    CHECK(error_of(ErrorKind::Usage, [&] {
            VideoReader(path, {2.0, 1.0});
          }) == "the end of 1 s is not after the start of 2 s; give a later end");
  }
}

TEST_CASE("a damaged end costs only the end") {
  const TempDir dir;
  for (const std::string name : {"c.mp4", "c.mkv", "c.avi"}) {
    INFO(name);
    const std::string flags = name == "c.mp4" ? " -movflags +faststart" : "";
    const auto whole = ffmpeg(
        "-f lavfi -i testsrc2=size=320x240:rate=25 -frames:v 100 -c:v libx264 -g 10 -b:v 800k" + flags, dir / name);
    const std::string bytes = read_bytes(whole);
    const auto path = dir.write("cut-" + name, bytes.substr(0, bytes.size() * 6 / 10));
    VideoReader reader(path);
    const auto frames = read_all(reader);
    CHECK(frames.size() > 30);
    CHECK(frames.size() < 90);
    REQUIRE(reader.warnings().size() == 1);
    const std::string end = fmt::format(" s; the {} frames before that are used", frames.size());
    CHECK(reader.warnings()[0].starts_with(path.string() + ": the file ends early or is damaged after "));
    CHECK(reader.warnings()[0].ends_with(end));
  }
}

TEST_CASE("damage in the middle is named and survived") {
  const TempDir dir;
  const auto whole = ffmpeg("-f lavfi -i testsrc2=size=320x240:rate=25 -frames:v 250 -c:v png", dir / "c.mkv");
  std::string bytes = read_bytes(whole);
  for (size_t i = 0; i < 200; ++i) bytes[bytes.size() / 4 + i] = static_cast<char>(i * 7);
  for (size_t i = 0; i < 200; ++i) bytes[bytes.size() / 3 + i] = static_cast<char>(i * 7);
  const auto path = dir.write("holes.mkv", bytes);
  VideoReader reader(path);
  const auto frames = read_all(reader);
  CHECK(frames.size() > 150);
  check_times(frames);
}

TEST_CASE("folders, patterns and single pictures are clips") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "frames");
  ffmpeg(kTestSource + "25 -frames:v 12", dir / "frames/%d.png");
  dir.write("frames/notes.txt", "not a picture");
  dir.write("frames/.hidden.png", "not a picture either");
  VideoReader folder(dir / "frames");
  CHECK(folder.info().frame_rate == Rational{25, 1});
  CHECK(folder.info().frame_count_from_header == 12);
  const auto frames = read_all(folder);
  REQUIRE(frames.size() == 12);
  check_times(frames);
  const auto pattern = read_all(dir / "frames/%d.png");
  REQUIRE(pattern.size() == 12);
  for (size_t i = 0; i < 12; ++i) {
    CHECK(std::equal(frames[i].image.data(), frames[i].image.data() + 100, pattern[i].image.data()));
  }
  CHECK(read_all(dir / "frames", {0.2, 0.4}).size() == 5);
  CHECK(read_all(dir / "frames/3.png").size() == 1);

  CHECK(classify_media(dir / "frames") == MediaKind::Folder);
  CHECK(classify_media(dir / "frames/%d.png") == MediaKind::Pattern);
  CHECK(classify_media(dir / "frames/1.png") == MediaKind::Image);
  CHECK(classify_media(dir / "frames/none.png") == MediaKind::Unknown);
  CHECK(classify_media(dir / "frames/notes.txt") == MediaKind::Unknown);
  const std::string base = dir.path().string();
  std::filesystem::create_directory(dir / "none");
  CHECK(error_of(ErrorKind::Input, [&] { VideoReader(dir / "none"); }) ==
        base + "/none: the folder holds no pictures; give one with PNG or JPEG files");
  CHECK(error_of(ErrorKind::Input, [&] { VideoReader(dir / "frames/x%d.png"); }) ==
        base + "/frames/x%d.png: no file fits this pattern; check the path");
}

TEST_CASE("GIF: one frame is a picture, more are a clip") {
  const TempDir dir;
  const auto one = ffmpeg(kTestSource + "10 -frames:v 1", dir / "one.gif");
  const auto many = ffmpeg(kTestSource + "10 -frames:v 5", dir / "many.gif");
  CHECK(classify_media(one) == MediaKind::Image);
  CHECK(classify_media(many) == MediaKind::Video);
  CHECK(read_all(one).size() == 1);
  CHECK(read_all(many).size() == 5);
}

TEST_CASE("what is no clip is refused in one sentence") {
  const TempDir dir;
  const std::string base = dir.path().string();
  const auto refused = [&](const std::filesystem::path& path) {
    return error_of(ErrorKind::Input, [&] { VideoReader{path}; });
  };
  CHECK(refused(dir / "no.mp4") == base + "/no.mp4: no such file; check the path");
  CHECK(refused(dir.write("empty.mp4", "")) == base + "/empty.mp4: the file is empty; download or copy it again");
  CHECK(refused(dir.write("text.mp4", "hello, this is a text file\nof two lines\n")) ==
        base +
            "/text.mp4: is not a video or picture that FFmpeg can read; give an MP4, MOV, MKV, WebM, GIF, JPEG or "
            "PNG file");
  CHECK(refused(dir.write("page.mp4", "<!doctype html><html></html>")) ==
        base + "/page.mp4: is a web page, not the file it is named after; download the file itself");
  CHECK(refused(dir.write("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/passwd\n")) ==
        base + "/list.m3u8: is a playlist of other files, which are not opened for safety; give the video file itself");
  CHECK(refused(dir.write("list.mp4", "ffconcat version 1.0\nfile /etc/passwd\n")) ==
        base + "/list.mp4: is a playlist of other files, which are not opened for safety; give the video file itself");
  CHECK_THAT(refused(dir.write("phone.heic", std::string("\0\0\0\x18"
                                                         "ftypheic\0\0\0\0mif1heic",
                                                         24) +
                                                 std::string(64, '\0'))),
             ContainsSubstring(base + "/phone.heic: the HEIC picture is damaged or ends early ("));
  const std::string sine = "-f lavfi -i sine=duration=1 ";
  CHECK(refused(ffmpeg(sine, dir / "sound.m4a")) ==
        base + "/sound.m4a: has sound but no picture; give a video or a picture");
  const auto cover = ffmpeg(kTestSource + "1 -frames:v 1", dir / "cover.png");
  CHECK(refused(ffmpeg(sine + "-i " + shell_quoted(cover) + " -map 0 -map 1 -c:v copy -disposition:v attached_pic",
                       dir / "album.mp3")) == base + "/album.mp3: has sound but no picture; give a video or a picture");
  const auto none = ffmpeg(kTestSource + "25 -t 0 -c:v libx264", dir / "none.mp4");
  CHECK(refused(none).starts_with(base + "/none.mp4: "));
  const auto good = ffmpeg(kTestSource + "25 -frames:v 10 -c:v libx264", dir / "good.mp4");
  const std::string bytes = read_bytes(good);
  CHECK(refused(dir.write("head.mp4", bytes.substr(0, bytes.size() / 2))) ==
        base + "/head.mp4: the file ends early, its index is missing; download or copy it again");
}

TEST_CASE("any file name works") {
  const TempDir dir;
  const auto source = ffmpeg(kTestSource + "25 -frames:v 3 -c:v libx264", dir / "plain.mp4");
  for (const std::string name : {"-a b'\xc3\xbc:%d.mp4", "http:x.mp4", "a%05d.mp4", "[x]*?.mp4", "two\nlines.mp4"}) {
    INFO(name);
    std::filesystem::copy_file(source, dir / name);
    CHECK(read_all(dir / name).size() == 3);
    CHECK(classify_media(dir / name) == MediaKind::Video);
  }
}

TEST_CASE("facts for inspection") {
  const TempDir dir;
  const auto path = ffmpeg(kTestSource +
                               "30000/1001 -f lavfi -i sine=sample_rate=44100 -t 1 -c:v libx264 -pix_fmt yuv420p"
                               " -colorspace bt709 -color_range tv -c:a aac",
                           dir / "c.mp4");
  const MediaInfo info = probe_media(path);
  CHECK(info.kind == MediaKind::Video);
  CHECK(info.codec == "h264");
  CHECK(info.pixel_format == "yuv420p");
  CHECK(info.frame_rate == Rational{30000, 1001});
  CHECK(info.frames == 30);
  CHECK(info.color_matrix == "bt709");
  CHECK(info.color_range == "tv");
  CHECK(info.audio_codec == "aac");
  CHECK(info.audio_sample_rate == 44100);
  CHECK(info.audio_channels == 1);
  VideoReader reader(path);
  CHECK(reader.info().has_audio);
  CHECK(reader.info().audio_codec == "aac");
  CHECK(reader.info().frame_count_from_header == 30);
}

TEST_CASE("real driving clips are read to their documented length", "[optional]") {
  const auto clip = material("media/driving/d20.mp4");
  if (clip.empty()) return skip("media/driving/d20.mp4 is not in $ANIMATE_MATERIAL");
  VideoReader reader(clip);
  CHECK(reader.info().frame_rate == Rational{25, 1});
  CHECK(read_all(reader).size() == 175);
  CHECK(reader.warnings().empty());
}
