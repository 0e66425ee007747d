#include <zlib.h>

#include <cmath>

#include "media/image_io.h"
#include "media/media_info.h"
#include "media/picture_essence.h"
#include "media/picture_header.h"
#include "media/picture_kind.h"
#include "media_support.h"

// Pictures as people have them: kinds that few readers know, flaws that do no harm, colour profiles.
using namespace animate::media;
using namespace animate::test;
using namespace animate;

namespace {

const std::filesystem::path kData = std::filesystem::path(ANIMATE_TEST_DATA) / "pictures";
const std::string kOrange = "-f lavfi -i color=0xC86432:size=64x48,format=rgb24 -frames:v 1 ";

std::string big_endian(size_t value, int bytes) {
  std::string text;
  for (int i = bytes; i-- > 0;) text += static_cast<char>(value >> (8 * i) & 0xffU);
  return text;
}

// A JPEG segment behind the first marker.
std::string with_segment(const std::string& jpeg, char marker, const std::string& content) {
  return jpeg.substr(0, 2) + '\xff' + marker + big_endian(content.size() + 2, 2) + content + jpeg.substr(2);
}

std::string with_profile(const std::string& jpeg, const std::string& profile) {
  return with_segment(jpeg, '\xe2', std::string("ICC_PROFILE\0\1\1", 14) + profile);
}

std::string chunk(const std::string& name, const std::string& content, uint32_t spoil = 0) {
  const std::string checked = name + content;
  const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return big_endian(content.size(), 4) + checked + big_endian(crc ^ spoil, 4);
}

// A PNG chunk behind its header.
std::string with_chunk(const std::string& png, const std::string& chunk) {
  return png.substr(0, 33) + chunk + png.substr(33);
}

std::string exif(int orientation) {
  std::string block("Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 24);
  return block + static_cast<char>(orientation) + std::string(7, '\0');
}

std::string refusal(const std::filesystem::path& path) {
  const std::string sentence = error_of(ErrorKind::Input, [&] { load_image(path); });
  REQUIRE(sentence.starts_with(path.string() + ": "));
  return sentence.substr(path.string().size() + 2);
}

// 16 x 16 pixels of RGB without compression, whatever its tags say.
std::string tiff(int compression, int sample_format, const std::string& pixels) {
  std::string entries;
  int count = 0;
  const auto entry = [&](int tag, int value) {
    entries += {static_cast<char>(tag & 255), static_cast<char>(tag >> 8), 3, 0, 1, 0, 0, 0};
    entries += {static_cast<char>(value & 255), static_cast<char>(value >> 8), 0, 0};
    ++count;
  };
  entry(256, 16);
  entry(257, 16);
  entry(258, 8);
  entry(259, compression);
  entry(262, 2);
  entry(273, 8);
  entry(277, 3);
  entry(278, 16);
  entry(279, static_cast<int>(pixels.size()));
  if (sample_format != 1) entry(339, sample_format);
  const size_t directory = 8 + pixels.size();
  std::string start("II*\0", 4);
  for (int i = 0; i < 4; ++i) start += static_cast<char>(directory >> (8 * i) & 255U);
  return start + pixels + std::string{static_cast<char>(count), 0} + entries + std::string(4, '\0');
}

std::string solid_pixels() {
  std::string pixels;
  for (int i = 0; i < 256; ++i) pixels += "\xc8\x64\x32";
  return pixels;
}

}  // namespace

TEST_CASE("HEIC and AVIF are read, as pictures and as their facts") {
  for (const char* name : {"tiny.heic", "tiny.avif"}) {
    INFO(name);
    const Image image = load_image(kData / name);
    REQUIRE(image.width() == 64);
    REQUIRE(image.height() == 48);
    CHECK(near(pixel(image, 10, 20), {200, 100, 50}, 6));
    CHECK(near(pixel(image, 53, 20), {40, 60, 180}, 6));
    CHECK(classify_media(kData / name) == MediaKind::Image);
    CHECK(picture_facts(kData / name).width == 64);
    CHECK(probe_media(kData / name).height == 48);
  }
  const TempDir dir;
  const std::string heic = read_bytes(kData / "tiny.heic");
  CHECK_THAT(refusal(dir.write("cut.heic", heic.substr(0, heic.size() / 2))),
             ContainsSubstring("the HEIC picture is damaged or ends early ("));
  CHECK_THAT(error_of(ErrorKind::Input, [&] { load_image(kData / "tiny.heic", {.max_side = 50}); }),
             ContainsSubstring("is 64x48 pixels"));
}

TEST_CASE("an animated WebP gives its first frame") {
  const TempDir dir;
  const auto path = ffmpeg(
      "-f lavfi -i color=0xC86432:size=64x48:rate=10,format=rgba -vf \"geq=r='if(eq(N,0),200,0)':g=100:b=50:a=255\" "
      "-frames:v 3 -c:v libwebp_anim -lossless 1",
      dir / "a.webp");
  CHECK(picture_kind_of(path) == PictureKind::AnimatedWebP);
  const Image image = load_image(path);
  REQUIRE(image.width() == 64);
  CHECK(near(pixel(image, 10, 10), {200, 100, 50}, 2));
  const std::string bytes = read_bytes(path);
  CHECK(refusal(dir.write("cut.webp", bytes.substr(0, 60))) ==
        "the animated WebP is damaged or ends early; copy or download it again");
}

TEST_CASE("an animated WebP is a clip of all its frames") {
  const TempDir dir;
  const auto path = ffmpeg(
      "-f lavfi -i color=0xC86432:size=64x48:rate=10,format=rgba -vf \"geq=r='100*N':g=100:b=50:a=255\" "
      "-frames:v 3 -c:v libwebp_anim -lossless 1",
      dir / "a.webp");
  CHECK(classify_media(path) == MediaKind::Video);
  VideoReader reader(path);
  CHECK(reader.info().width == 64);
  CHECK(reader.info().frame_rate == Rational{10, 1});
  CHECK(reader.info().frame_count_from_header == 3);
  const auto frames = read_all(reader);
  REQUIRE(frames.size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(near(pixel(frames[static_cast<size_t>(i)].image, 10, 10), {100 * i, 100, 50}, 2));
    CHECK(frames[static_cast<size_t>(i)].pts == 100 * i);
    CHECK(frames[static_cast<size_t>(i)].duration == 100);
  }
  const auto trimmed = read_all(path, {.start_seconds = 0.1, .end_seconds = 0.2});
  REQUIRE(trimmed.size() == 1);
  CHECK(near(pixel(trimmed[0].image, 10, 10), {100, 100, 50}, 2));
  CHECK(probe_media(path).frames == 3);
  CHECK(probe_media(path).duration_seconds == 0.3);
  CHECK(error_of(ErrorKind::Input, [&] { read_all(path, {.start_seconds = 9}); }) ==
        path.string() + ": has no frame from 9 s on; choose a part inside the clip");
}

TEST_CASE("TIFF gives right pixels or names what is not read") {
  const TempDir dir;
  for (const char* compression : {"raw", "packbits", "lzw", "deflate"}) {
    INFO(compression);
    const auto path = ffmpeg(kOrange + "-compression_algo " + compression, dir / "a.tiff");
    CHECK(near(pixel(load_image(path), 10, 10), {200, 100, 50}, 0));
  }
  CHECK(near(pixel(load_image(dir.write("own.tif", tiff(1, 1, solid_pixels()))), 8, 8), {200, 100, 50}, 0));
  for (const auto& [number, name] : {std::pair<int, std::string>{6, "old JPEG compression"},
                                     {7, "JPEG compression"},
                                     {34925, "LZMA compression"},
                                     {50001, "WebP compression"},
                                     {50000, "ZSTD compression"},
                                     {34712, "JPEG 2000 compression"},
                                     {12345, "compression number 12345"}}) {
    INFO(name);
    CHECK(refusal(dir.write("x.tif", tiff(number, 1, solid_pixels()))) ==
          "is a picture with " + name + ", which is not read; convert it to PNG");
  }
  CHECK(refusal(dir.write("f.tif", tiff(1, 3, solid_pixels()))) ==
        "is a picture with floating-point samples, which is not read; convert it to PNG");
}

TEST_CASE("rows that a decoder leaves out are not taken for black") {
  const TempDir dir;
  // The data end after half of the rows; FFmpeg's reader calls that success.
  const std::string whole = tiff(1, 1, solid_pixels());
  std::string half = whole;
  const size_t count = half.rfind(std::string{23, 1, 3, 0, 1, 0, 0, 0});
  REQUIRE(count != std::string::npos);
  half[count + 9] = 1;  // 256 bytes instead of 768
  CHECK(refusal(dir.write("half.tif", half)) == "the picture is damaged or ends early; copy or download it again");
}

TEST_CASE("Targa is told by its header and its suffix") {
  const TempDir dir;
  const auto path = ffmpeg(kOrange, dir / "a.tga");
  CHECK(near(pixel(load_image(path), 10, 10), {200, 100, 50}, 0));
  CHECK(classify_media(path) == MediaKind::Image);
  CHECK(probe_media(path).width == 64);
  CHECK(picture_kind_of(dir.write("b.tga", "just words, nothing else")) == PictureKind::Other);
}

TEST_CASE("JPEGs of kinds that are not read are named, and not called damaged") {
  const TempDir dir;
  const std::string jpeg = read_bytes(ffmpeg(kOrange + "-q:v 2", dir / "a.jpg"));
  const size_t frame = jpeg.find("\xff\xc0");
  REQUIRE(frame != std::string::npos);
  const auto changed = [&](size_t offset, char value) {
    std::string bytes = jpeg;
    bytes[frame + offset] = value;
    return dir.write("x.jpg", bytes);
  };
  const std::string rest = ", which is not read; convert it to PNG";
  CHECK(refusal(changed(1, '\xc9')) == "is a picture with arithmetic coding" + rest);
  CHECK(refusal(changed(1, '\xca')) == "is a picture with arithmetic coding" + rest);
  CHECK(refusal(changed(1, '\xc5')) == "is a picture with hierarchical coding" + rest);
  CHECK(refusal(changed(4, 12)) == "is a picture with 12 bits a sample" + rest);
  CHECK(classify_media(changed(1, '\xc9')) == MediaKind::Image);
}

TEST_CASE("flaws outside the pixels do no harm") {
  const TempDir dir;
  const std::string jpeg = read_bytes(ffmpeg(kOrange + "-q:v 2", dir / "a.jpg"));
  const std::string png = read_bytes(ffmpeg(kOrange, dir / "a.png"));
  const Rgb of_jpeg = pixel(load_image(dir / "a.jpg"), 60, 44);
  REQUIRE(jpeg.ends_with("\xff\xd9"));
  const std::string open = jpeg.substr(0, jpeg.size() - 2);
  for (const std::string& bytes :
       {open, open + std::string(40, '\0'), open + "SEFT trailer of a phone", open + "\xff\x01trailer\xff\xff\x10",
        jpeg + "\xff\xd8\xff\xe0trailer", with_segment(jpeg, '\xe1', std::string("Exif\0\0II*\0\xff\xff\xff\x7f", 14)),
        with_segment(jpeg, '\xe2', std::string("ICC_PROFILE\0\1\1broken", 20)), with_segment(jpeg, '\xe3', "_JPSJPS_"),
        with_segment(jpeg, '\xed', "Photoshop 3.0")}) {
    INFO(bytes.substr(bytes.size() - 20));
    const Image image = load_image(dir.write("x.jpg", bytes));
    REQUIRE(image.width() == 64);
    CHECK(near(pixel(image, 60, 44), of_jpeg, 0));
  }
  for (const std::string& extra : {chunk("tEXt", std::string("Comment\0hello", 13), 1),
                                   chunk("iCCP", std::string("x\0\0broken", 9)), chunk("iCCP", "no end of the name", 1),
                                   chunk("zTXt", "broken", 7), chunk("eXIf", "MM", 3), chunk("tIME", "too short")}) {
    INFO(extra.substr(4, 4));
    CHECK(near(pixel(load_image(dir.write("x.png", with_chunk(png, extra))), 60, 44), {200, 100, 50}, 0));
  }
  CHECK(near(pixel(load_image(dir.write("x.png", png + "trailer")), 5, 5), {200, 100, 50}, 0));
  const std::string damaged = "the picture is damaged or ends early; copy or download it again";
  // What touches pixels stays damage.
  CHECK(refusal(dir.write("x.png", with_chunk(png, chunk("tRNS", "\0\0\0\0\0\0", 1)))) == damaged);
  std::string flipped = png;
  flipped[png.find("IDAT") + 6] = static_cast<char>(flipped[png.find("IDAT") + 6] ^ 1);
  CHECK(refusal(dir.write("x.png", flipped)) == damaged);
  const std::string large = read_bytes(ffmpeg("-f lavfi -i testsrc2=size=200x200 -frames:v 1 -q:v 2", dir / "b.jpg"));
  CHECK(refusal(dir.write("x.jpg", large.substr(0, large.size() / 2))) == damaged);
  CHECK(refusal(dir.write("x.jpg", large.substr(0, large.size() / 2) + "\xff\x01trailer")) == damaged);
}

TEST_CASE("colour profiles are brought to sRGB") {
  const TempDir dir;
  const std::string jpeg = read_bytes(ffmpeg(kOrange + "-pix_fmt yuvj444p -q:v 1", dir / "a.jpg"));
  const std::string png = read_bytes(ffmpeg(kOrange, dir / "a.png"));
  const auto profile = [](const char* name) { return read_bytes(kData / name); };
  const auto with_icc = [](const std::string& plain, const std::string& icc) {
    std::string packed(::compressBound(icc.size()), '\0');
    auto size = static_cast<uLongf>(packed.size());
    ::compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(icc.data()), icc.size());
    return with_chunk(plain, chunk("iCCP", std::string("name\0\0", 6) + packed.substr(0, size)));
  };
  // By the definitions of the spaces: curve, primaries, sRGB's primaries, curve.
  struct Row {
    const char* name;
    Rgb expected;
  };
  for (const Row& row : {Row{"adobe_rgb.icc", {227, 100, 42}}, Row{"display_p3.icc", {215, 93, 31}}}) {
    INFO(row.name);
    CHECK(near(pixel(load_image(dir.write("x.jpg", with_profile(jpeg, profile(row.name)))), 9, 9), row.expected, 4));
    CHECK(near(pixel(load_image(dir.write("x.png", with_icc(png, profile(row.name)))), 9, 9), row.expected, 1));
  }
  // sRGB in other words changes nothing, not by one step.
  CHECK(near(pixel(load_image(dir.write("x.png", with_icc(png, profile("srgb.icc")))), 9, 9), {200, 100, 50}, 0));
  // In two pieces, stored in the wrong order.
  const std::string icc = profile("adobe_rgb.icc");
  const std::string head("ICC_PROFILE\0", 12);
  const std::string first = with_segment(jpeg, '\xe2', head + "\1\2" + icc.substr(0, 300));
  const std::string both = with_segment(first, '\xe2', head + "\2\2" + icc.substr(300));
  CHECK(near(pixel(load_image(dir.write("x.jpg", both)), 9, 9), {227, 100, 42}, 4));
  // A piece is missing: the picture is read as it is.
  const Rgb plain = pixel(load_image(dir / "a.jpg"), 9, 9);
  CHECK(near(pixel(load_image(dir.write("x.jpg", first)), 9, 9), plain, 0));
  // Linear light: 64 of 255 is 137 in sRGB.
  const std::string gray =
      read_bytes(ffmpeg("-f lavfi -i color=0x404040:size=64x48,format=gray -frames:v 1", dir / "g.png"));
  const int stored = pixel(load_image(dir / "g.png"), 9, 9).r;
  CHECK(std::abs(stored - 64) <= 8);
  const double shown = 255 * (1.055 * std::pow(stored / 255.0, 1 / 2.4) - 0.055);
  const auto expected = static_cast<int>(std::lround(shown));
  CHECK(near(pixel(load_image(dir.write("x.png", with_icc(gray, profile("linear_gray.icc")))), 9, 9),
             {expected, expected, expected}, 1));
}

TEST_CASE("of two Exif blocks the first counts") {
  const TempDir dir;
  const std::string jpeg = read_bytes(ffmpeg(kOrange + "-q:v 2", dir / "a.jpg"));
  const auto width = [&](int first, int second) {
    return load_image(dir.write("x.jpg", with_segment(with_segment(jpeg, '\xe1', exif(second)), '\xe1', exif(first))))
        .width();
  };
  CHECK(width(1, 6) == 64);
  CHECK(width(6, 1) == 48);
  CHECK(width(6, 8) == 48);
  const std::string png = read_bytes(ffmpeg(kOrange, dir / "a.png"));
  const auto turned = [](int orientation) { return chunk("eXIf", exif(orientation).substr(6)); };
  CHECK(load_image(dir.write("x.png", with_chunk(with_chunk(png, turned(1)), turned(6)))).width() == 48);
  CHECK(load_image(dir.write("x.png", with_chunk(with_chunk(png, turned(6)), turned(1)))).width() == 64);
}

TEST_CASE("kinds of pictures by their first bytes") {
  const auto kind = [](const std::string& head) { return picture_kind(std::as_bytes(std::span(head))); };
  CHECK(kind(std::string("\0\0\0\x1c", 4) + "ftypmif1" + std::string(4, '\0') + "mif1avif") == PictureKind::Avif);
  CHECK(kind(std::string("\0\0\0\x18", 4) + "ftypheic" + std::string(4, '\0') + "mif1heic") == PictureKind::Heic);
  CHECK(kind(std::string("\0\0\0\x18", 4) + "ftypmsf1" + std::string(4, '\0') + "hevcheic") == PictureKind::Other);
  CHECK(kind(std::string("\0\0\0\x18", 4) + "ftypisom" + std::string(4, '\0') + "isomavc1") == PictureKind::Other);
  CHECK(kind("\xff\x0a") == PictureKind::JpegXl);
  CHECK(kind("") == PictureKind::Other);
}

TEST_CASE("broken pictures of every kind are taken apart safely") {
  size_t read = 0;
  for (const std::string head :
       {"\xff\xd8\xff\xe2", "\xff\xd8\xff\xda", "\x89PNG\r\n\x1a\n", "RIFF\x10\0\0\0WEBPVP8X", "II*\0", "MM\0*"}) {
    std::string bytes = head;
    uint32_t state = 11;
    for (int i = 0; i < 300; ++i) {
      const auto file = std::as_bytes(std::span(bytes));
      CHECK(picture_essence(file).size() <= bytes.size() + 2);
      stored_profile(file);
      unreadable_part(file);
      ++read;
      state = state * 1664525U + 1013904223U;
      bytes += i % 7 == 0 ? '\xff' : static_cast<char>(state >> 24U);
    }
  }
  CHECK(read == 6 * 300);
}
