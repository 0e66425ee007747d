#include "dataset/clip_files.h"

#include <cstring>
#include <iostream>

#include "base/error.h"
#include "media/image_io.h"
#include "media/media_support.h"

using namespace animate::dataset;
using namespace animate::media;
using namespace animate;
namespace fs = std::filesystem;

namespace {

// All pixels of one gray value.
Image plain(int width, int height, uint8_t value) {
  Image image(width, height);
  std::memset(image.data(), value, image.size_bytes());
  return image;
}

fs::path folder_clip(const test::TempDir& folder, const std::string& name, int frames) {
  fs::create_directory(folder / name);
  for (int i = 0; i < frames; ++i) {
    save_image(folder / (name + "/" + std::to_string(i) + ".png"), plain(16, 8, static_cast<uint8_t>(10 * i)));
  }
  return folder / name;
}

// The gray values (0 to 255) of the first pixel of every frame.
std::vector<int> first_values(const dataset::Frames& frames) {
  std::vector<int> values;
  for (int64_t i = 0; i < frames.count; ++i) values.push_back(static_cast<int>(std::lround(frames.frame(i)[0] * 255)));
  return values;
}

}  // namespace

TEST_CASE("two frames of a folder are read without touching the rest") {
  const test::TempDir folder;
  const auto clip = folder_clip(folder, "clip.mp4", 12);
  CHECK(dataset::count_frames(clip, {16, 8}) == 12);
  CHECK(first_values(dataset::read_clip(clip, 16, 8)) ==
        std::vector<int>{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110});
  folder.write("clip.mp4/5.png", "not a picture");
  const std::vector<int64_t> good{3, 11};
  CHECK(first_values(dataset::read_frames(clip, good, {16, 8})) == std::vector<int>{30, 110});
  const std::vector<int64_t> bad{5, 11};
  CHECK_THAT(test::error_of(ErrorKind::Input,
                            [&] {
                              dataset::read_frames(clip, bad, {16, 8});
                            }),
             ContainsSubstring("clip.mp4/5.png: "));
  const std::vector<int64_t> beyond{3, 12};
  CHECK(test::error_of(ErrorKind::Input, [&] {
          dataset::read_frames(clip, beyond, {16, 8});
        }) == clip.string() + ": has no frame 12 (counted from 0); has the clip been changed meanwhile?");
}

TEST_CASE("frames of another size are refused, and told from damage") {
  const test::TempDir folder;
  const auto clip = folder_clip(folder, "clip", 2);
  try {
    dataset::read_clip(clip, 8, 8);
    FAIL("no error");
  } catch (const dataset::WrongFrameSize& error) {
    CHECK(error.what() ==
          clip.string() +
              "/0.png: is 16x8 pixels, the data set's frames are 8x8; scale or crop it to that size, or "
              "correct 'dataset_params.frame_shape' of the config");
  }
  save_image(folder / "clip/1.png", plain(8, 8, 0));
  CHECK(test::error_of(ErrorKind::Input, [&] { dataset::read_clip(clip, 0, 0); }) ==
        clip.string() + "/1.png: is 8x8 pixels, its clip's first frame is 16x8; scale or crop it to that size");
}

TEST_CASE("a strip is cut by the frame size and must be filled by it") {
  const test::TempDir folder;
  save_image(folder / "strip.png", plain(48, 8, 70));
  CHECK(dataset::count_frames(folder / "strip.png", {16, 8}) == 3);
  CHECK(dataset::read_clip(folder / "strip.png", 16, 8).count == 3);
  const auto whole = dataset::read_clip(folder / "strip.png", 0, 0);
  CHECK(whole.count == 1);
  CHECK(whole.width == 48);
  for (const auto& size : {dataset::FrameSize{20, 8}, dataset::FrameSize{16, 16}}) {
    CHECK_THROWS_AS(dataset::count_frames(folder / "strip.png", size), dataset::WrongFrameSize);
    CHECK_THROWS_AS(dataset::read_clip(folder / "strip.png", size.width, size.height), dataset::WrongFrameSize);
  }
}

TEST_CASE("a video is counted by decoding, and its frames are those of the whole clip") {
  const test::TempDir folder;
  const auto clip = test::ffmpeg("-f lavfi -i testsrc=size=32x16:rate=10:duration=1.2 -c:v libx264 -pix_fmt yuv420p",
                                 folder / "a.mp4");
  REQUIRE(dataset::count_frames(clip, {32, 16}) == 12);
  const auto all = dataset::read_clip(clip, 32, 16);
  REQUIRE(all.count == 12);
  const std::vector<int64_t> positions{4, 9, 9};
  const auto some = dataset::read_frames(clip, positions, {32, 16});
  for (size_t i = 0; i < positions.size(); ++i) {
    const auto expected = all.frame(positions[i]);
    const auto found = some.frame(static_cast<int64_t>(i));
    CHECK(std::equal(expected.begin(), expected.end(), found.begin(), found.end()));
  }
  CHECK_THROWS_AS(dataset::read_clip(clip, 32, 32), dataset::WrongFrameSize);
}

TEST_CASE("what is no clip says so") {
  const test::TempDir folder;
  fs::create_directory(folder / "empty");
  const auto error = [](const fs::path& clip) {
    return test::error_of(ErrorKind::Input, [&] { dataset::read_clip(clip, 0, 0); });
  };
  CHECK(error(folder / "empty") ==
        (folder / "empty").string() + ": the folder holds no pictures; give one with PNG or JPEG files");
  CHECK_THAT(error(folder.write("a.mp4", "text")), ContainsSubstring("a.mp4: "));
  CHECK_THAT(error(folder / "none.mov"), ContainsSubstring("no such file"));
}
