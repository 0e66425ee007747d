#include "face/portrait_crop.h"

#include <cmath>
#include <limits>

#include "face/crop_landmarks.h"
#include "face/driving_crop.h"
#include "pictures/exact_resize.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"

using namespace animate::face;
using namespace animate::pictures;
using namespace animate;
using test::error_of;

namespace {

const Points2 kFive = {{80, 100}, {120, 100}, {100, 120}, {85, 140}, {115, 140}};

Points2 turned(const Points2& points, double angle, double x, double y) {
  Points2 result;
  for (const Point2& point : points) {
    const double dx = point[0] - x;
    const double dy = point[1] - y;
    result.push_back({static_cast<float>(x + dx * std::cos(angle) - dy * std::sin(angle)),
                      static_cast<float>(y + dx * std::sin(angle) + dy * std::cos(angle))});
  }
  return result;
}

}  // namespace

TEST_CASE("the crop of a turned face stands upright") {
  const double angle = GENERATE(-2.5, -0.6, 0.0, 0.4, 1.5, 3.0);
  const Points2 points = turned(kFive, angle, 100, 110);
  const CropTransform transform = crop_transform(points, PortraitCropOptions{});
  const Points2 in_crop = transform_points(points, transform.crop_from_image);
  CHECK(std::abs(in_crop[0][1] - in_crop[1][1]) < 0.1F);
  CHECK(in_crop[0][0] < in_crop[1][0]);
  CHECK(in_crop[0][1] < in_crop[3][1]);
  const Points2 back = transform_points(in_crop, transform.image_from_crop);
  for (size_t i = 0; i < points.size(); ++i) {
    CHECK(std::abs(back[i][0] - points[i][0]) < 1e-3F);
    CHECK(std::abs(back[i][1] - points[i][1]) < 1e-3F);
  }
}

TEST_CASE("vx_ratio shifts the crop along the face, which the original only promises") {
  PortraitCropOptions shifted;
  shifted.vx_ratio = 0.1;
  const double angle = GENERATE(0.0, 0.5);
  const Points2 points = turned(kFive, angle, 100, 110);
  const Points2 plain = transform_points(points, crop_transform(points, PortraitCropOptions{}).crop_from_image);
  const Points2 moved = transform_points(points, crop_transform(points, shifted).crop_from_image);
  for (size_t i = 0; i < points.size(); ++i) {
    CHECK(std::abs(plain[i][0] - moved[i][0] - 51.2F) < 0.05F);
    CHECK(std::abs(plain[i][1] - moved[i][1]) < 0.05F);
  }
}

TEST_CASE("landmarks that cannot frame a face are refused") {
  const float none = std::numeric_limits<float>::quiet_NaN();
  Points2 broken = kFive;
  broken[2] = {none, 1};
  CHECK(error_of(ErrorKind::Model, [&] { crop_transform(broken, PortraitCropOptions{}); }) ==
        "the landmarks of a face are not finite; use other landmark weights");
  const Points2 one_place(5, Point2{10, 10});
  CHECK(error_of(ErrorKind::Input, [&] { crop_transform(one_place, PortraitCropOptions{}); }) ==
        "the face has no size (0 pixels); give a larger box or other points");
  error_of(ErrorKind::Internal, [&] { crop_transform(Points2(7, Point2{1, 2}), PortraitCropOptions{}); });
}

TEST_CASE("how much of a crop lies outside the picture") {
  const auto crop = [](double x, double y, double side, double angle) {
    FaceRectangle rectangle;
    rectangle.centre = {static_cast<float>(x), static_cast<float>(y)};
    rectangle.size = static_cast<float>(side);
    rectangle.angle = angle;
    return crop_transform(rectangle, 512, true);
  };
  CHECK(share_outside(crop(100, 100, 50, 0), 200, 200) == Approx(0).margin(1e-5));
  CHECK(share_outside(crop(0, 100, 50, 0), 200, 200) == Approx(0.5).margin(1e-4));
  CHECK(share_outside(crop(0, 0, 50, 0), 200, 200) == Approx(0.75).margin(1e-4));
  CHECK(share_outside(crop(200, 200, 50, 0), 200, 200) == Approx(0.75).margin(1e-4));
  CHECK(share_outside(crop(-100, 100, 50, 0), 200, 200) == Approx(1).margin(1e-5));
  CHECK(share_outside(crop(0, 100, 50, 0.7853981), 200, 200) == Approx(0.5).margin(1e-3));
  CHECK(share_outside(crop(100, 100, 400, 0), 200, 200) == Approx(0.75).margin(1e-4));
}

TEST_CASE("five points and boxes frame a face as described") {
  PortraitCropOptions options;
  options.vy_ratio = 0;
  options.scale = 1;
  const double angle = GENERATE(0.0, 0.8);
  Face face;
  face.points = turned(kFive, angle, 100, 110);
  // Eyes and mouth are 40 apart, and so are the eyes: 2.25 * 40 is the larger extent.
  const FaceRectangle frame = face_rectangle(landmarks_for_crop(face), {1, 0, 0, true});
  CHECK(frame.size == Approx(90).margin(1e-2));
  CHECK(frame.angle == Approx(angle).margin(1e-5));
  // A box beside the points moves the frame sideways only.
  face.box = {60, 60, 90, 120};
  const FaceRectangle beside = face_rectangle(landmarks_for_crop(face), {1, 0, 0, true});
  CHECK(beside.size == Approx(frame.size).margin(1e-2));
  const double dx = beside.centre[0] - frame.centre[0];
  const double dy = beside.centre[1] - frame.centre[1];
  CHECK(std::abs(-std::sin(angle) * dx + std::cos(angle) * dy) < 1e-3);

  const FaceRectangle square = face_rectangle(landmarks_for_crop({{10, 20, 100, 100}, 1, {}}), {1, 0, 0, true});
  CHECK(square.size == Approx(82).margin(1e-2));
  CHECK(square.centre[0] == Approx(60).margin(1e-3));
  CHECK(square.centre[1] == Approx(84).margin(1e-3));
  CHECK(square.angle == 0);
  error_of(ErrorKind::Input, [] { landmarks_for_crop(Face{}); });

  const Points2 known(106, Point2{1, 2});
  CHECK(landmarks_for_crop({{}, 1, known}) == known);
}

TEST_CASE("boxes that follow a face lose their jitter, not the face") {
  std::vector<FaceCorners> still;
  std::vector<FaceCorners> moving;
  for (int i = 0; i < 100; ++i) {
    const double noise = i % 2 == 0 ? 3 : -3;
    still.push_back({100 + noise, 50, 200 + noise, 150});
    const double x = 10.0 * i;
    moving.push_back({x, x, x + 100, x + 100});
  }
  const auto quiet = follow_boxes(still, 25);
  REQUIRE(quiet.size() == still.size());
  for (size_t i = 0; i < quiet.size(); ++i) {
    CHECK(std::abs(quiet[i].left - 100) < (i < 15 || i > 85 ? 1.0 : 0.1));
    CHECK(quiet[i].right - quiet[i].left == Approx(100));
    CHECK(quiet[i].bottom - quiet[i].top == Approx(100));
  }
  const auto followed = follow_boxes(moving, 25);
  for (size_t i = 25; i < 75; ++i) CHECK(followed[i].left == Approx(moving[i].left).margin(0.01));
  CHECK(follow_boxes({}, 25).empty());
  CHECK(follow_boxes(std::vector{still[0]}, 25)[0].left == Approx(still[0].left));
  error_of(ErrorKind::Internal, [] { average_box({}); });
}

TEST_CASE("a very long picture keeps a pixel") {
  CHECK(limited_size(5000, 2, 1000, 2) == std::array<int, 2>{1000, 1});
  const Image thin = resize_to_limit(test::patterned(3000, 1, 5), 1000, 1);
  CHECK(thin.width() == 1000);
  CHECK(thin.height() == 1);
}
