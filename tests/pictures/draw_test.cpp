#include "pictures/draw.h"

#include <cmath>
#include <limits>
#include <vector>

#include "pictures/resize_image.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"

using namespace animate::pictures;
using namespace animate;

namespace {
using Colour = std::array<uint8_t, 3>;

Colour at(const Image& image, int x, int y) {
  const uint8_t* pixel = image.row(y) + x * 3L;
  return {pixel[0], pixel[1], pixel[2]};
}
}  // namespace

TEST_CASE("gist_rainbow runs from pink through the rainbow to violet") {
  CHECK(keypoint_colour(0) == Colour{255, 0, 40});
  CHECK(keypoint_colour(1) == Colour{255, 0, 191});
  CHECK(keypoint_colour(2) == keypoint_colour(1));
  // Entry 51 = 0.2: red to yellow, (0.2 - 0.03) / 0.185 of the way.
  CHECK(keypoint_colour(0.2) == Colour{255, static_cast<uint8_t>(255 * (0.17 / 0.185)), 0});
  // Entry 128, u = 128 / 255: green to cyan.
  CHECK(keypoint_colour(0.5) == Colour{0, 255, static_cast<uint8_t>(255 * ((128 / 255.0 - 0.4) / 0.186))});
}

TEST_CASE("keypoints are discs, the later over the earlier") {
  Image image = test::plain(40, 20, 9, 9, 9);
  const std::vector<Point> points = {{-0.5, 0.0}, {-0.35, 0.0}, {1.0, 1.0}, {7.0, -3.0}};
  const double radius = 4;
  draw_keypoints(image, points, radius);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 40; ++x) {
      Colour expected{9, 9, 9};
      for (size_t i = 0; i < points.size(); ++i) {
        const double dx = (x - 40 * (points[i].x + 1) / 2) / radius;
        const double dy = (y - 20 * (points[i].y + 1) / 2) / radius;
        if (dy * dy + dx * dx < 1) expected = keypoint_colour(static_cast<double>(i) / 4);
      }
      CHECK(at(image, x, y) == expected);
    }
  }
}

TEST_CASE("keypoints far away or without a place draw nothing") {
  const Image before = test::plain(8, 8, 1, 2, 3);
  Image image = before.clone();
  const double infinite = std::numeric_limits<double>::infinity();
  draw_keypoints(image, std::vector<Point>{{1e300, 0}, {-1e12, 1e12}, {std::nan(""), 0}, {infinite, -infinite}}, 5);
  CHECK(test::same_pixels(image, before));
  draw_keypoints(image, {}, 5);
  CHECK(test::same_pixels(image, before));
}

TEST_CASE("pictures of one height stand side by side") {
  const std::vector<Image> images = {test::plain(3, 4, 255, 0, 0), test::plain(5, 4, 0, 255, 0)};
  const Image row = side_by_side(images);
  CHECK(row.width() == 8);
  CHECK(row.height() == 4);
  CHECK(at(row, 2, 3) == Colour{255, 0, 0});
  CHECK(at(row, 3, 0) == Colour{0, 255, 0});
  CHECK(at(row, 7, 3) == Colour{0, 255, 0});
  const std::vector<Image> uneven = {images[0], test::plain(3, 5, 0, 0, 0)};
  CHECK(test::error_of(ErrorKind::Internal, [&] { side_by_side(uneven); }) ==
        "pictures 4 and 5 pixels high cannot stand side by side");
}

TEST_CASE("resizing keeps a plain picture plain and a fitting one as it is") {
  const Image image = test::plain(10, 6, 7, 77, 177);
  CHECK(resize_image(image, 10, 6).data() == image.data());
  CHECK(test::same_pixels(resize_image(image, 23, 31), test::plain(23, 31, 7, 77, 177)));
  CHECK(test::same_pixels(resize_image(image, 4, 3), test::plain(4, 3, 7, 77, 177)));
  test::error_of(ErrorKind::Internal, [&] { resize_image(image, 0, 5); });
  test::error_of(ErrorKind::Internal, [] { resize_image({}, 5, 5); });
}

TEST_CASE("shrinking averages") {
  Image image = test::plain(2, 2, 0, 0, 0);
  image.row(0)[0] = 100;
  image.row(1)[3] = 60;
  CHECK(at(resize_image(image, 1, 1), 0, 0) == Colour{40, 0, 0});
}
