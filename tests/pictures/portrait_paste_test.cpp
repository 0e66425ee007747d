#include "pictures/portrait_paste_back.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <opencv2/imgproc.hpp>

#include "face/portrait_crop.h"
#include "pictures/opencv.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"

using namespace animate::face;
using namespace animate::pictures;
using namespace animate;
using test::patterned;
using test::same_pixels;

namespace {

CropTransform placed(double x, double y, double side, double angle, int size = 512) {
  FaceRectangle rectangle;
  rectangle.centre = {static_cast<float>(x), static_cast<float>(y)};
  rectangle.size = static_cast<float>(side);
  rectangle.angle = angle;
  return crop_transform(rectangle, size, true);
}

// The original's way: mask and picture warped over the whole picture, then blended everywhere.
Image pasted_in_full(const Image& original, const Image& generated, const CropTransform& transform, double feather) {
  const auto& m = transform.image_from_crop;
  const cv::Matx23f forward(m[0], m[1], m[2], m[3], m[4], m[5]);
  auto levels = paste_mask(transform.size, feather);
  const cv::Size size(original.width(), original.height());
  cv::Mat mask;
  cv::Mat warped;
  cv::warpAffine(cv::Mat(transform.size, transform.size, CV_8UC1, levels.data()), mask, forward, size);
  cv::warpAffine(view(generated), warped, forward, size);
  Image result(original.width(), original.height());
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const float share = static_cast<float>(mask.at<uint8_t>(y, x)) / 255.0F;
      for (int channel = 0; channel < 3; ++channel) {
        const auto new_level = static_cast<float>(warped.ptr<uint8_t>(y)[x * 3 + channel]);
        const auto old_level = static_cast<float>(original.row(y)[x * 3 + channel]);
        result.row(y)[x * 3 + channel] = static_cast<uint8_t>(share * new_level + (1 - share) * old_level);
      }
    }
  }
  return result;
}

}  // namespace

TEST_CASE("pasting into a part of the picture gives the pixels of pasting into all of it") {
  struct Place {
    double x, y, side, angle;
  };
  const auto place = GENERATE(Place{160, 120, 100, 0}, Place{160, 120, 100, 0.3}, Place{20, 15, 130, -0.7},
                              Place{310, 230, 90, 1.2}, Place{160.37, 119.81, 613.3, 0.011}, Place{-400, 100, 120, 0},
                              Place{150, 110, 9.5, 2.9}, Place{160, 120, 300, 3.14159}, Place{319, 0, 77, -1.5707});
  const double feather = GENERATE(16.0, 0.0, 60.0);
  const Image original = patterned(320, 240, 11);
  const Image generated = patterned(512, 512, 12);
  const CropTransform transform = placed(place.x, place.y, place.side, place.angle);
  const PortraitPasteBack paste(320, 240, transform, {feather});
  INFO(place.x << " " << place.y << " " << place.side << " " << place.angle << " feather " << feather);
  CHECK(same_pixels(paste.apply(generated, original), pasted_in_full(original, generated, transform, feather)));
}

TEST_CASE("a large picture: the same pixels, and only the face's part is worked on") {
  const Image original = patterned(4000, 3000, 21);
  const Image generated = patterned(512, 512, 22);
  const CropTransform transform = placed(2711.3, 1042.7, 801.9, 0.21);
  const PortraitPasteBack paste(4000, 3000, transform);
  Image picture = original.clone();
  const auto start = std::chrono::steady_clock::now();
  paste.apply_to(picture, generated);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  std::cout << "pasting an 802 pixel face into 4000x3000: " << taken.count() << " ms\n";
  CHECK(same_pixels(picture, pasted_in_full(original, generated, transform, 16)));
  CHECK(paste.where().width < 1100);
  CHECK(paste.where().height < 1100);
}

TEST_CASE("two faces in one picture, one after the other") {
  const Image original = patterned(300, 200, 31);
  const Image one = patterned(512, 512, 32);
  const Image other = patterned(512, 512, 33);
  const PortraitPasteBack left(300, 200, placed(80, 100, 90, 0.1));
  const PortraitPasteBack right(300, 200, placed(220, 100, 90, -0.1));
  Image picture = original.clone();
  left.apply_to(picture, one);
  right.apply_to(picture, other);
  // They do not touch each other: each half is what pasting one alone gives.
  const Image only_left = left.apply(one, original);
  const Image only_right = right.apply(other, original);
  for (int y = 0; y < 200; ++y) {
    CHECK(std::equal(picture.row(y), picture.row(y) + 150 * 3, only_left.row(y)));
    CHECK(std::equal(picture.row(y) + 150 * 3, picture.row(y) + 300 * 3, only_right.row(y) + 150 * 3));
  }
  CHECK_FALSE(same_pixels(picture, original));
}

TEST_CASE("outside the mask every pixel is the original's") {
  const Image original = patterned(200, 160, 41);
  const CropTransform transform = placed(90, 80, 70, 0.4);
  const PortraitPasteBack paste(200, 160, transform);
  const Image result = paste.apply(test::plain(512, 512, 0, 0, 0), original);
  int outside = 0;
  for (int y = 0; y < 160; ++y) {
    for (int x = 0; x < 200; ++x) {
      const Point2 p = transform_points({{static_cast<float>(x), static_cast<float>(y)}}, transform.crop_from_image)[0];
      const float depth = std::min({p[0], p[1], 511 - p[0], 511 - p[1]});
      if (depth > -8) continue;  // one pixel of the picture is 7 of the crop
      ++outside;
      CHECK(std::equal(result.row(y) + x * 3L, result.row(y) + x * 3L + 3, original.row(y) + x * 3L));
    }
  }
  CHECK(outside > 15000);
}

TEST_CASE("a generated picture of another size is brought to the crop's, one of no size is a fault") {
  const Image original = patterned(100, 80, 51);
  const PortraitPasteBack paste(100, 80, placed(50, 40, 60, 0));
  const Image grey = test::plain(100, 80, 90, 91, 92);
  CHECK(same_pixels(paste.apply(test::plain(256, 256, 90, 91, 92), grey), grey));
  test::error_of(ErrorKind::Internal, [&] { paste.apply({}, original); });
  test::error_of(ErrorKind::Internal, [&] { paste.apply(original, patterned(99, 80, 1)); });
}

TEST_CASE("the feather says how wide the seam is") {
  const auto mask = paste_mask(512, 40);
  const auto at = [&](int x, int y) {
    return static_cast<int>(mask[static_cast<size_t>(y) * 512 + static_cast<size_t>(x)]);
  };
  CHECK(at(0, 256) == 0);
  CHECK(at(20, 256) == 127);
  CHECK(at(40, 256) == 255);
  CHECK(at(256, 256) == 255);
  CHECK(at(511, 256) == at(1, 256));
  CHECK(at(2, 2) == 0);  // corners are rounded
  const auto hard = paste_mask(64, 0);
  CHECK(std::all_of(hard.begin(), hard.end(), [](uint8_t level) { return level == 255; }));
}
