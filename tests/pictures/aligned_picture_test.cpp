#include "pictures/aligned_picture.h"

#include "support/catch.h"
#include "support/pictures.h"

using namespace animate::pictures;
using namespace animate;

namespace {

// An upright crop of `side` pixels of the picture at (x, y), as 64 x 64 pixels.
CropTransform crop_at(float x, float y, float side) {
  const float scale = side / 64;
  CropTransform crop;
  crop.size = 64;
  crop.image_from_crop = {scale, 0, x, 0, scale, y, 0, 0, 1};
  crop.crop_from_image = inverse(crop.image_from_crop);
  return crop;
}

}  // namespace

TEST_CASE("between two crops lie squares of sizes between") {
  const CropTransform a = crop_at(10, 20, 64);
  const CropTransform b = crop_at(30, 40, 128);
  CHECK(between(a, b, 0).image_from_crop == a.image_from_crop);
  CHECK(between(a, b, 1).image_from_crop == b.image_from_crop);
  const auto middle = between(a, b, 0.5).image_from_crop;
  CHECK(middle[0] == Approx(1.5));
  CHECK(middle[2] == Approx(20));
  CHECK(middle[5] == Approx(30));
}

TEST_CASE("an aligned picture has its crop where the other's is") {
  const Image picture = test::patterned(100, 80, 3);
  const CropTransform here = crop_at(10, 10, 32);
  CHECK(test::same_pixels(aligned(picture, here, here), picture));
  const Image moved = aligned(picture, here, crop_at(15, 13, 32));
  bool shifted = true;
  for (int y = 20; y < 60; ++y) {
    for (int x = 20; x < 80; ++x) {
      for (int c = 0; c < 3; ++c) {
        shifted = shifted && std::abs(moved.row(y)[3 * x + c] - picture.row(y - 3)[3 * (x - 5) + c]) <= 1;
      }
    }
  }
  CHECK(shifted);
  // What is missing is the border continued.
  CHECK(std::abs(moved.row(40)[0] - picture.row(37)[0]) <= 1);
}

TEST_CASE("one picture over another") {
  const Image dark = test::plain(8, 8, 10, 20, 30);
  const Image light = test::plain(8, 8, 110, 120, 130);
  CHECK(test::same_pixels(blended(dark, light, 0), dark));
  CHECK(test::same_pixels(blended(dark, light, 1), light));
  CHECK(blended(dark, light, 0.25).row(4)[3] == 35);
}
