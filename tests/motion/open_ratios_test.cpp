#include "motion/open_ratios.h"

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::motion;
using namespace animate;

TEST_CASE("ratios are lid distance over width, each from its own points") {
  Points2 landmarks(203, Point2{});
  landmarks[0] = {0, 0};
  landmarks[12] = {10, 0};
  landmarks[6] = {5, -2};
  landmarks[18] = {5, 1};
  landmarks[24] = {20, 0};
  landmarks[36] = {20, 5};
  landmarks[30] = {18, 0};
  landmarks[42] = {22, 0};
  landmarks[48] = {0, 20};
  landmarks[66] = {20, 20};
  landmarks[90] = {10, 20};
  landmarks[102] = {10, 20};
  const OpenRatios ratios = open_ratios(landmarks);
  CHECK(ratios.eyes[0] == Approx(0.3));
  CHECK(ratios.eyes[1] == Approx(0.8));
  CHECK(ratios.lip == 0);
}

TEST_CASE("106 landmarks measure neither eyes nor lips") {
  CHECK(test::error_of(ErrorKind::Model, [] { open_ratios(Points2(106)); }) ==
        "landmarks: 106 points, and eyes and lips are measured on 203; use LivePortrait's landmark.onnx");
}

TEST_CASE("sliders start at two decimals of the exact value") {
  CHECK(slider_start(0.125) == 0.12);  // a tie in binary too: to even
  CHECK(slider_start(0.375) == 0.38);
  CHECK(slider_start(0.145) == 0.14);  // stored as a little less
  CHECK(slider_start(0.355) == 0.35);
  CHECK(slider_start(0) == 0);
}
