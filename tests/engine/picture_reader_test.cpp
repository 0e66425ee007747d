#include "animate/picture_reader.h"

#include <filesystem>

#include "animate/error.h"
#include "base/plain_picture.h"
#include "support/expect_error.h"
#include "support/pictures.h"
#include "support/temp_dir.h"

namespace animate {
namespace {

namespace fs = std::filesystem;

const fs::path kSamples = fs::path(ANIMATE_TEST_DATA).parent_path().parent_path() / "configs" / "default";

TEST_CASE("a picture reader gives pictures, first frames, and where the face is") {
  const auto reader = make_picture_reader();
  const Image head = reader->read(kSamples / "sample_source.png");
  CHECK(head.width() == 256);
  const auto faces = reader->faces(head);
  REQUIRE(faces.size() == 1);
  const FaceBox& face = faces[0].face;
  CHECK(face.x < 128);
  CHECK(face.x + face.width > 128);
  const FaceBox& square = faces[0].head;
  CHECK(square.width == square.height);
  CHECK(square.x >= 0);
  CHECK(square.x + square.width <= 256);
  CHECK(square.width > face.width);
  CHECK(reader->read(kSamples / "sample_driving.mp4").width() == 256);
  CHECK(reader->faces(test::plain(64, 64, 9, 9, 9)).empty());
}

TEST_CASE("a picture reader shrinks to the longer side, and leaves alone what fits") {
  const auto reader = make_picture_reader();
  const Image wide = test::patterned(200, 50, 3);
  const Image small = reader->shrink(wide, 100);
  CHECK(small.width() == 100);
  CHECK(small.height() == 25);
  CHECK(reader->shrink(wide, 200).data() == wide.data());
  CHECK(reader->shrink(test::plain(300, 2, 1, 2, 3), 100).height() == 1);
}

TEST_CASE("a picture reader hands out a clip's pictures, as many as are asked for") {
  const auto reader = make_picture_reader();
  int64_t count = 0;
  const auto take = [&count](const Image& picture) {
    CHECK(picture.width() == 256);
    ++count;
  };
  reader->read_clip(kSamples / "sample_driving.mp4", 7, take);
  CHECK(count == 7);
  reader->read_clip(kSamples / "sample_driving.mp4", 1000, take);
  CHECK(count == 7 + 150);
  reader->read_clip(kSamples / "sample_source.png", 7, take);
  CHECK(count == 7 + 150 + 1);
}

TEST_CASE("a picture reader refuses what a job refuses, in the same words") {
  const test::TempDir dir;
  const auto reader = make_picture_reader();
  const auto text = dir.write("a.png", "no picture");
  CHECK(!test::error_of(ErrorKind::Input, [&] { reader->read(text); }).empty());
  CHECK(test::error_of(ErrorKind::Input, [&] { reader->read(dir / "none.png"); }) ==
        (dir / "none.png").string() + ": no such file; check the path");
  CHECK(test::error_of(ErrorKind::Input, [&] { reader->read_clip(dir / "none.mp4", 1, [](const Image&) {}); }) ==
        (dir / "none.mp4").string() + ": no such file; check the path");
  save_ppm(dir / "tiny.ppm", test::plain(4, 4, 1, 2, 3));
  CHECK_THAT(test::error_of(ErrorKind::Input, [&] { reader->read(dir / "tiny.ppm"); }),
             ContainsSubstring("is only 4x4 pixels"));
}

}  // namespace
}  // namespace animate
