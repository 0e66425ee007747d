#include "media/image_io.h"
#include "media/gif_packet.h"

#include "base/natural_order.h"
#include "media/number_pattern.h"
#include "media/orientation.h"
#include "media/picture_header.h"
#include "media_support.h"

using namespace animate::media;
using namespace animate::test;
using namespace animate;

namespace {

PictureHeader header_of(const std::string& bytes) {
  return read_picture_header(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

// Puts an EXIF block with one entry, the orientation, behind the first marker of a JPEG.
std::string with_orientation(const std::string& jpeg, int value) {
  std::string block("Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 24);
  block += static_cast<char>(value);
  block += std::string(7, '\0');
  const size_t length = block.size() + 2;
  const std::string marker = {'\xff', '\xe1', static_cast<char>(length >> 8U), static_cast<char>(length & 255U)};
  return jpeg.substr(0, 2) + marker + block + jpeg.substr(2);
}

// Four colours: red top left, green top right, blue bottom left, white bottom right.
Image corners(int width, int height) {
  Image image = filled(width, height, {255, 255, 255});
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool left = x < width / 2, top = y < height / 2;
      uint8_t* p = image.row(y) + static_cast<size_t>(x) * 3;
      p[0] = top == left ? 255 : 0;
      p[1] = left ? 0 : 255;
      p[2] = top ? 0 : 255;
      if (!left && !top) p[0] = 255;
    }
  }
  return image;
}

const Rgb kRed{255, 0, 0}, kGreen{0, 255, 0}, kBlue{0, 0, 255}, kWhite{255, 255, 255};

}  // namespace

TEST_CASE("PNG keeps every pixel, JPEG nearly") {
  const TempDir dir;
  for (const auto& [width, height] : {std::pair{1, 1}, {101, 67}, {3, 200}, {256, 256}}) {
    const Image image = scene(width, height, 1);
    save_image(dir / "a.png", image);
    const Image back = load_image(dir / "a.png");
    REQUIRE(back.width() == width);
    REQUIRE(back.height() == height);
    CHECK(std::equal(image.data(), image.data() + image.size_bytes(), back.data()));
    save_image(dir / "a.JPG", image);
    const Image jpeg = load_image(dir / "a.JPG");
    CHECK(jpeg.width() == width);
    CHECK(near(pixel(jpeg, width / 2, height / 2), pixel(image, width / 2, height / 2), 12));
  }
  CHECK(dir.entries() == 2);
  CHECK(error_of(ErrorKind::Usage, [&] { save_image(dir / "a.bmp", scene(4, 4, 0)); }) ==
        (dir / "a.bmp").string() + ": a picture is written as .png or .jpg; change the suffix");
}

TEST_CASE("EXIF orientation 1 to 8 is applied") {
  const TempDir dir;
  save_image(dir / "a.jpg", corners(64, 48));
  const std::string jpeg = read_bytes(dir / "a.jpg");
  // The colours of the four corners of the upright picture: top left, top right, bottom left, bottom right.
  const std::vector<std::array<Rgb, 4>> expected = {{kRed, kGreen, kBlue, kWhite}, {kGreen, kRed, kWhite, kBlue},
                                                    {kWhite, kBlue, kGreen, kRed}, {kBlue, kWhite, kRed, kGreen},
                                                    {kRed, kBlue, kGreen, kWhite}, {kBlue, kRed, kWhite, kGreen},
                                                    {kWhite, kGreen, kBlue, kRed}, {kGreen, kWhite, kRed, kBlue}};
  for (int value = 1; value <= 8; ++value) {
    INFO(value);
    const Image image = load_image(dir.write("t.jpg", with_orientation(jpeg, value)));
    REQUIRE(image.width() == (value < 5 ? 64 : 48));
    REQUIRE(image.height() == (value < 5 ? 48 : 64));
    const int right = image.width() - 8, bottom = image.height() - 8;
    const auto& [tl, tr, bl, br] = expected[static_cast<size_t>(value - 1)];
    CHECK(near(pixel(image, 8, 8), tl, 20));
    CHECK(near(pixel(image, right, 8), tr, 20));
    CHECK(near(pixel(image, 8, bottom), bl, 20));
    CHECK(near(pixel(image, right, bottom), br, 20));
  }
  CHECK(load_image(dir.write("t.jpg", with_orientation(jpeg, 9))).width() == 64);
}

TEST_CASE("orientations know their angle") {
  CHECK(Orientation::from_exif(6).degrees() == 90);
  CHECK(Orientation::from_exif(3).degrees() == 180);
  CHECK(Orientation::from_exif(8).degrees() == 270);
  CHECK(Orientation::from_exif(2).mirrored());
  CHECK(Orientation::from_exif(2).degrees() == 0);
  CHECK(Orientation::from_exif(4).degrees() == 180);
  CHECK(Orientation::from_display_matrix({0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30}) == Orientation::from_exif(6));
}

TEST_CASE("all kinds of PNG") {
  const TempDir dir;
  const std::string orange = "-f lavfi -i color=0xC86432:size=33x21:duration=0.04,format=rgb24 -frames:v 1 ";
  struct Row {
    std::string format;
    Rgb expected;
    int tolerance;
  };
  for (const Row& row : {Row{"rgb24", {200, 100, 50}, 0}, Row{"rgb48be", {200, 100, 50}, 1},
                         Row{"rgba", {200, 100, 50}, 0}, Row{"rgba64be", {200, 100, 50}, 1}}) {
    INFO(row.format);
    const auto path = ffmpeg(orange + "-pix_fmt " + row.format, dir / "a.png");
    CHECK(near(pixel(load_image(path), 10, 10), row.expected, row.tolerance));
  }
  const std::string palette = "-t 0.1 -vf \"split[a][b];[a]palettegen[p];[b][p]paletteuse\" ";
  CHECK(near(pixel(load_image(ffmpeg(orange + palette, dir / "p.png")), 10, 10), {200, 100, 50}, 1));
  CHECK(near(pixel(load_image(ffmpeg(orange + palette, dir / "p.gif")), 10, 10), {200, 100, 50}, 1));
  const std::string gray = "-f lavfi -i color=0x404040:size=33x21,format=rgb24 -frames:v 1 ";
  for (const std::string format : {"gray", "gray16be", "ya8", "ya16be"}) {
    INFO(format);
    CHECK(near(pixel(load_image(ffmpeg(gray + "-pix_fmt " + format, dir / "g.png")), 10, 10), {64, 64, 64}, 2));
  }
  const std::string glass = "-f lavfi -i color=0x000000@0.5:size=33x21,format=rgba -frames:v 1 ";
  for (const std::string format : {"rgba", "rgba64be", "ya8"}) {
    const auto path = ffmpeg(glass + "-pix_fmt " + format, dir / "t.png");
    CHECK(near(pixel(load_image(path), 5, 5), {128, 128, 128}, 2));
    CHECK(near(pixel(load_image(path, {.background = {{255, 0, 0}}}), 5, 5), {128, 0, 0}, 2));
  }
}

TEST_CASE("other picture formats, under any name") {
  const TempDir dir;
  const std::string orange = "-f lavfi -i color=0xC86432:size=32x20,format=rgb24 -frames:v 1 ";
  for (const auto& [name, flags] : {std::pair<std::string, std::string>{"a.bmp", ""},
                                    {"a.tiff", ""},
                                    {"a.webp", "-lossless 1"},
                                    {"b.webp", ""},
                                    {"a.gif", ""},
                                    {"a.jpg", "-q:v 2"}}) {
    INFO(name);
    const auto path = ffmpeg(orange + flags, dir / name);
    CHECK(near(pixel(load_image(path), 10, 10), {200, 100, 50}, name == "a.gif" ? 40 : 6));
    std::filesystem::copy_file(path, dir / ("-x %d'" + name + ".dat"));
    CHECK(load_image(dir / ("-x %d'" + name + ".dat")).width() == 32);
    CHECK(header_of(read_bytes(path)).width == (name == "b.webp" ? 0 : name == "a.webp" ? 0 : 32));
  }
}

TEST_CASE("damaged pictures are refused") {
  const TempDir dir;
  const std::string base = dir.path().string();
  const auto refused = [&](const std::string& name, const std::string& bytes) {
    const auto path = dir.write(name, bytes);
    CHECK(error_of(ErrorKind::Input, [&] { load_image(path); }) ==
          base + "/" + name + ": the picture is damaged or ends early; copy or download it again");
  };
  const std::string png = read_bytes(ffmpeg("-f lavfi -i testsrc2=size=200x200 -frames:v 1", dir / "a.png"));
  refused("cut.png", png.substr(0, png.size() / 2));
  std::string flipped = png;
  flipped[png.size() / 2] = static_cast<char>(flipped[png.size() / 2] ^ 0x55);
  refused("flipped.png", flipped);
  for (const std::string name : {"a.jpg", "a.webp", "a.bmp", "a.tiff", "a.gif"}) {
    INFO(name);
    const std::string bytes = read_bytes(ffmpeg("-f lavfi -i testsrc2=size=200x200 -frames:v 1", dir / name));
    refused("cut-" + name, bytes.substr(0, bytes.size() / 2));
  }
}

TEST_CASE("what is no picture, or too large, is refused in one sentence") {
  const TempDir dir;
  const std::string base = dir.path().string();
  // A PNG header that claims 20000 x 10 pixels, and no pixels at all.
  std::string header("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\0\x0a\x08\x02\0\0\0", 29);
  CHECK(error_of(ErrorKind::Input, [&] { load_image(dir.write("wide.png", header + std::string(64, '\0'))); }) ==
        base +
            "/wide.png: is 20000x10 pixels, more than the 16384 a side or 100000000 in all that are accepted; scale "
            "it down first");
  CHECK(error_of(ErrorKind::Input, [&] { load_image(dir / "none.png"); }) ==
        base + "/none.png: no such file; check the path");
  CHECK(error_of(ErrorKind::Input, [&] { load_image(dir.path()); }) == base + ": is a folder; give a picture");
  CHECK(error_of(ErrorKind::Input, [&] { load_image(dir.write("text.png", "just words, nothing else")); }) ==
        base + "/text.png: is not a picture; give a JPEG, PNG, WebP, AVIF, HEIC, BMP or TIFF file");
  const auto clip = ffmpeg("-f lavfi -i testsrc2=size=64x64 -frames:v 3 -c:v libx264", dir / "clip.mp4");
  CHECK(error_of(ErrorKind::Input, [&] { load_image(clip); }) ==
        base + "/clip.mp4: is not a picture; give a JPEG, PNG, WebP, AVIF, HEIC, BMP or TIFF file");
  const auto wide = ffmpeg("-f lavfi -i color=red:size=20000x16 -frames:v 1", dir / "real.png");
  CHECK(error_of(ErrorKind::Input, [&] { load_image(wide); }).find("is 20000x16 pixels") != std::string::npos);
  CHECK(error_of(ErrorKind::Input, [&] { VideoReader{wide}; }).find("is 20000x16 pixels") != std::string::npos);
  const auto webp = ffmpeg("-f lavfi -i color=red:size=300x300 -frames:v 1", dir / "s.webp");
  CHECK(error_of(ErrorKind::Input, [&] { load_image(webp, {.max_side = 200}); }).find("is 300x300 pixels") !=
        std::string::npos);
}

TEST_CASE("broken headers are read safely") {
  int read = 0;
  for (const std::string head :
       {"\xff\xd8\xff\xe1", "\x89PNG\r\n\x1a\n", "RIFF\x10\0\0\0WEBPVP8X", "II*\0", "MM\0*", "BM", "GIF89a"}) {
    std::string bytes = head;
    uint32_t state = 7;
    for (int i = 0; i < 300; ++i) {
      header_of(bytes);
      ++read;
      bytes += static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
    }
  }
  CHECK(read == 7 * 300);  // none of them threw, and a sanitizer had nothing to say
}

TEST_CASE("names sort as people count") {
  CHECK(natural_less("2.png", "10.png"));
  CHECK_FALSE(natural_less("10.png", "2.png"));
  CHECK(natural_less("a1b2", "a1b10"));
  CHECK(natural_less("a", "b"));
  CHECK(natural_less("frame9", "frame10"));
  CHECK_FALSE(natural_less("x", "x"));
  CHECK(natural_less("x", "x1"));
  CHECK(natural_less("007", "8"));
}

TEST_CASE("number patterns") {
  CHECK(NumberPattern::parse("f-%05d.png")->name(7) == "f-00007.png");
  CHECK(NumberPattern::parse("%d.png")->name(123) == "123.png");
  CHECK(NumberPattern::parse("50%%-%d.png")->name(1) == "50%-1.png");
  for (const std::string name : {"a.png", "%s.png", "%d%d.png", "100%.png", "%5d.png", "%%d.png"}) {
    INFO(name);
    CHECK_FALSE(NumberPattern::parse(name).has_value());
  }
  const auto pattern = *NumberPattern::parse("f-%03d.png");
  CHECK(pattern.number_of("f-012.png") == 12);
  CHECK(pattern.number_of("f-1234.png") == 1234);
  CHECK_FALSE(pattern.number_of("f-12.png").has_value());
  CHECK_FALSE(pattern.number_of("f-.png").has_value());
  CHECK_FALSE(pattern.number_of("g-012.png").has_value());
}

TEST_CASE("a GIF that is cut anywhere is told from a whole one") {
  const TempDir dir;
  const std::string gif = read_bytes(ffmpeg("-f lavfi -i testsrc2=size=40x40 -frames:v 1", dir / "a.gif"));
  const auto whole = [&gif](size_t bytes) {
    return gif_packet_is_whole({reinterpret_cast<const uint8_t*>(gif.data()), bytes});
  };
  CHECK(whole(gif.size()));
  CHECK(whole(gif.size() - 1));  // without the trailer: nothing of the picture is missing
  for (size_t missing = 2; missing < 600; missing += 13) CHECK_FALSE(whole(gif.size() - missing));
}
