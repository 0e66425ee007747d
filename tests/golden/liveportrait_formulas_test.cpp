// LivePortrait's small formulas against the original's numbers: poses, ratios, smoothing, hull volumes.
#include <algorithm>
#include <cmath>

#include "motion/hull_volume.h"
#include "motion/kalman_smoother.h"
#include "motion/lip_array.h"
#include "motion/open_ratios.h"
#include "motion/rotation.h"
#include "motion/smooth_motion.h"
#include "support/catch.h"
#include "support/fixtures.h"
#include "support/motion_fixtures.h"

using namespace animate::motion;
using namespace animate;
using test::largest_difference;
using test::MotionFixture;

namespace {}  // namespace

TEST_CASE("66 bins become the original's degrees, and degrees stay degrees") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "pose" / "headpose.safetensors");
  const auto logits = fixture.floats("logits");
  const auto expected = fixture.floats("degrees");
  const size_t bins = logits.size() / expected.size();
  REQUIRE(expected.size() > 0);
  for (size_t i = 0; i < expected.size(); ++i) {
    INFO(i);
    CHECK(std::abs(degrees_from_bins(std::span(logits).subspan(i * bins, bins)) - expected[i]) <= 2e-4F);
  }
  const auto in = fixture.floats("already_degrees_in");
  const auto out = fixture.floats("already_degrees_out");
  for (size_t i = 0; i < in.size(); ++i) CHECK(degrees_from_bins(std::span(in).subspan(i, 1)) == out[i]);
}

TEST_CASE("rotation matrices are the original's, and their angles come back") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "pose" / "rotation.safetensors");
  const auto degrees = fixture.floats("pitch_yaw_roll_deg");
  const auto expected = fixture.matrices("R");
  REQUIRE(expected.size() > 0);
  for (size_t i = 0; i < expected.size(); ++i) {
    const HeadPose pose{degrees[3 * i], degrees[3 * i + 1], degrees[3 * i + 2]};
    INFO(pose.pitch << " " << pose.yaw << " " << pose.roll);
    CHECK(largest_difference(rotation_matrix(pose), expected[i]) <= 1e-5);
    // Beyond +-90 degrees of yaw other angles describe the same rotation.
    CHECK(largest_difference(rotation_matrix(head_pose(expected[i])), expected[i]) <= 1e-5);
  }
}

TEST_CASE("keypoints are the original's from raw network outputs and from refined ones") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "pose" / "transform_keypoint.safetensors");
  for (const std::string kind : {"refined", "raw"}) {
    const auto motions = fixture.motions(kind);
    const auto expected = fixture.points(kind + "_x");
    REQUIRE(motions.size() == expected.size());
    REQUIRE(!motions.empty());
    for (size_t i = 0; i < motions.size(); ++i) {
      INFO(kind << " " << i);
      CHECK(largest_difference(motions[i].keypoints(), expected[i]) <= 1e-5);
    }
  }
}

TEST_CASE("eyes and lips are as open as the original measures") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "ratios" / "ratios.safetensors");
  const auto landmarks = fixture.landmarks("landmarks203");
  const auto eyes = fixture.floats("eye_ratio");
  const auto lips = fixture.floats("lip_ratio");
  const auto sliders = test::read_json(test::liveportrait_fixtures() / "ratios" / "slider_init.json");
  REQUIRE(!landmarks.empty());
  REQUIRE(sliders.size() == landmarks.size());
  const auto close = [](float actual, float expected) {
    // Widths of zero give quotients in the millions.
    return std::abs(actual - expected) <= std::max(1e-6F, expected > 100 ? 1e-5F * expected : 0);
  };
  for (size_t i = 0; i < landmarks.size(); ++i) {
    INFO(i);
    const OpenRatios ratios = open_ratios(landmarks[i]);
    CHECK(close(ratios.eyes[0], eyes[2 * i]));
    CHECK(close(ratios.eyes[1], eyes[2 * i + 1]));
    CHECK(close(ratios.lip, lips[i]));
    const size_t index = sliders[i].at("index");
    const float mean = (eyes[2 * index] + eyes[2 * index + 1]) / 2;
    CHECK(slider_start(mean) == sliders[i].at("eye_slider").get<double>());
    CHECK(slider_start(lips[index]) == sliders[i].at("lip_slider").get<double>());
  }
}

TEST_CASE("the face at rest is the original's to the last bit of single precision") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "resources" / "lip_array.safetensors");
  const auto expected = fixture.numbers("lip_array");
  REQUIRE(expected.size() == 63);
  const Points3 points = lip_array();
  for (size_t i = 0; i < expected.size(); ++i) {
    CHECK(points[i / 3][i % 3] == static_cast<float>(expected[i]));
    CHECK(std::abs(kLipArray[i / 3][i % 3] - expected[i]) <= 1e-17);
  }
}

TEST_CASE("the smoother gives pykalman's numbers") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "kalman" / "kalman.safetensors");
  const auto cases = test::read_json(test::liveportrait_fixtures() / "kalman" / "kalman.json");
  REQUIRE(!cases.empty());
  for (const auto& entry : cases) {
    const auto index = std::to_string(entry.at("index").get<int>());
    INFO(index);
    const size_t frames = entry.at("frames");
    const double variance = entry.at("observation_variance");
    const auto in = fixture.numbers("in_" + index);
    const auto expected = fixture.numbers("out_f64_" + index);
    const size_t width = in.size() / frames;
    KalmanSmoother smoother(frames, variance, entry.at("process_variance"));
    std::vector<double> track(frames);
    double largest = 0;
    for (size_t j = 0; j < width; ++j) {
      for (size_t t = 0; t < frames; ++t) track[t] = in[t * width + j];
      smoother.smooth(track);
      for (size_t t = 0; t < frames; ++t) largest = std::max(largest, std::abs(track[t] - expected[t * width + j]));
    }
    CHECK(largest <= 1e-12);

    if (width == 9) {
      const auto smooth = smooth_rotations(fixture.matrices("in_" + index), variance);
      const auto rounded = fixture.matrices("out_" + index);
      for (size_t t = 0; t < frames; ++t) CHECK(largest_difference(smooth[t], rounded[t]) <= 1e-7);
    } else {
      const auto smooth = smooth_points(fixture.points("in_" + index), variance);
      const auto rounded = fixture.points("out_" + index);
      for (size_t t = 0; t < frames; ++t) CHECK(largest_difference(smooth[t], rounded[t]) <= 1e-7);
    }
  }
}

TEST_CASE("hull volumes and the motion multiplier are the original's") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "motion" / "motion_multiplier.safetensors");
  const auto sources = fixture.points("kp_source");
  const auto drivers = fixture.points("kp_driving_initial");
  const auto source_volumes = fixture.numbers("volume_source");
  const auto driving_volumes = fixture.numbers("volume_driving");
  const auto multipliers = fixture.numbers("multiplier");
  REQUIRE(!sources.empty());
  for (size_t i = 0; i < sources.size(); ++i) {
    INFO(i);
    CHECK(hull_volume(sources[i]) == Approx(source_volumes[i]).epsilon(1e-9));
    CHECK(hull_volume(drivers[i]) == Approx(driving_volumes[i]).epsilon(1e-9));
    const auto multiplier = motion_multiplier(sources[i], drivers[i]);
    REQUIRE(multiplier.has_value());
    CHECK(*multiplier == Approx(multipliers[i]).epsilon(1e-6));
  }
}
