#include "media/picture_text.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "media/image_io.h"
#include "media/video_writer.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace animate::media;
using namespace animate;
using test::TempDir;

namespace {

const Metadata kTexts{{"comment", "made <by> a \"program\" & a model, süß"},
                      {"software", "animate test"},
                      {"creation_time", "2001-02-03T04:05:06Z"},
                      {"digital_source_type", "trainedAlgorithmicMedia"}};

Image ramp() {
  Image image(16, 12);
  for (size_t i = 0; i < image.size_bytes(); ++i) image.data()[i] = static_cast<uint8_t>(i % 251);
  return image;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool same(const Image& a, const Image& b) {
  return a.width() == b.width() && a.height() == b.height() &&
         std::equal(a.data(), a.data() + a.size_bytes(), b.data());
}

void write(const std::filesystem::path& path, const Metadata& metadata, int frames = 1) {
  VideoWriterOptions options;
  options.metadata = metadata;
  VideoWriter writer(path, 16, 12, options);
  for (int i = 0; i < frames; ++i) writer.write({ramp(), i, 1});
  writer.finish();
}

}  // namespace

TEST_CASE("pictures carry texts and keep their pixels") {
  const TempDir dir;
  for (const char* suffix : {".png", ".jpg"}) {
    const auto plain = dir / (std::string("plain") + suffix);
    const auto marked = dir / (std::string("marked") + suffix);
    write(plain, {});
    write(marked, kTexts);
    // The readers refuse a wrong checksum.
    CHECK(same(load_image(plain), load_image(marked)));
    const std::string bytes = content(marked);
    CHECK(bytes.find(kTexts.at("comment")) != std::string::npos);
    CHECK(bytes.find("digitalsourcetype/trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>") != std::string::npos);
    CHECK(bytes.find("made &lt;by&gt; a &quot;program&quot; &amp; a model") != std::string::npos);
    CHECK(content(plain).find("xmpmeta") == std::string::npos);
    save_image(dir / (std::string("saved") + suffix), ramp(), kTexts);
    CHECK(content(dir / (std::string("saved") + suffix)) == bytes);
  }
}

TEST_CASE("a GIF carries its comment in front of the trailer") {
  const TempDir dir;
  write(dir / "a.gif", {{"comment", std::string(300, 'x')}}, 3);
  const std::string bytes = content(dir / "a.gif");
  const std::string expected = std::string("\x21\xfe\xff") + std::string(255, 'x') + "\x2d" + std::string(45, 'x');
  REQUIRE(bytes.size() > expected.size() + 2);
  CHECK(bytes.substr(bytes.size() - expected.size() - 2) == expected + std::string("\0\x3b", 2));
  CHECK(same(load_image(dir / "a.gif"), load_image(dir / "a.gif")));
}

TEST_CASE("bit-exact files are the same twice") {
  const TempDir dir;
  for (const char* suffix : {".mkv", ".mp4", ".mov", ".webm", ".gif"}) {
    for (const char* name : {"a", "b"}) {
      VideoWriterOptions options;
      options.metadata = kTexts;
      options.bit_exact = true;
      VideoWriter writer(dir / (std::string(name) + suffix), 16, 12, options);
      for (int i = 0; i < 3; ++i) writer.write({ramp(), i, 1});
      writer.finish();
    }
    CHECK(content(dir / (std::string("a") + suffix)) == content(dir / (std::string("b") + suffix)));
  }
}
