#include "evaluate/landmark_output.h"

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::evaluate;
using namespace animate;

TEST_CASE("coordinates come as shares or as pixels of the network's input") {
  LandmarkOutput shares("n.onnx", 100, 50, KeypointScale::Auto, 0.1);
  auto points = shares.read({{1, 2, 2}, {0.5F, 0.25F, 1, 1}}, 64, 32);
  REQUIRE(points.size() == 2);
  CHECK(*points[0] == std::array<double, 2>{32, 8});
  CHECK(*points[1] == std::array<double, 2>{64, 32});

  LandmarkOutput pixels("n.onnx", 100, 50, KeypointScale::Auto, 0.1);
  points = pixels.read({{1, 4}, {50, 25, 100, 50}}, 64, 32);
  CHECK(*points[0] == std::array<double, 2>{32, 16});
  // What was told from the first picture holds for the next.
  points = pixels.read({{2, 2}, {1, 1, 2, 2}}, 100, 50);
  CHECK(*points[0] == std::array<double, 2>{1, 1});

  LandmarkOutput fixed("n.onnx", 100, 50, KeypointScale::Pixels, 0.1);
  points = fixed.read({{1, 2, 2}, {1, 1, -1, -1}}, 100, 50);
  CHECK(*points[0] == std::array<double, 2>{1, 1});
  CHECK_FALSE(points[1].has_value());
}

TEST_CASE("heatmaps give the middle of the highest cell, unless it is low") {
  LandmarkOutput output("n.onnx", 100, 50, KeypointScale::Auto, 0.1);
  const auto points = output.read({{1, 2, 2, 4},
                                   {0, 0, 0, 0, 0, 0, 0.9F, 0,  //
                                    0, 0.05F, 0, 0, 0, 0, 0, 0}},
                                  64, 32);
  REQUIRE(points.size() == 2);
  CHECK(*points[0] == std::array<double, 2>{2.5 * 16, 1.5 * 16});
  CHECK_FALSE(points[1].has_value());
}

TEST_CASE("other outputs are refused") {
  LandmarkOutput output("n.onnx", 100, 50, KeypointScale::Auto, 0.1);
  const std::string told =
      ", which is no keypoints; give a network with coordinates 1xNx2, Nx2 or 1x2N, or heatmaps 1xNxhxw";
  CHECK(test::error_of(ErrorKind::Model, [&] {
          output.read({{1, 3}, {1, 2, 3}}, 9, 9);
        }) == "n.onnx: gives an output of shape 1x3" + told);
  CHECK(test::error_of(ErrorKind::Model, [&] {
          output.read({{2, 2, 2}, std::vector<float>(8)}, 9, 9);
        }) == "n.onnx: gives an output of shape 2x2x2" + told);
}
