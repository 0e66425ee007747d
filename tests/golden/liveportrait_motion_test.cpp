// Every case of the original's motion transfer, driven by motion/cases.json: another fixture folder of the same layout
// passes untouched. A flag that this test does not know fails it.
#include <iostream>
#include <memory>

#include "motion/animal_transfer.h"
#include "motion/motion_transfer.h"
#include "motion/open_ratios.h"
#include "support/catch.h"
#include "support/fixtures.h"
#include "support/motion_fixtures.h"
#include "support/plain_retargeter.h"

using namespace animate::motion;
using namespace animate;
using test::largest_difference;
using test::MotionFixture;

namespace {

constexpr double kMotionTolerance = 2e-5;

std::unique_ptr<test::PlainRetargeter> retargeter(const std::string& file) {
  const auto path = test::liveportrait_fixtures() / file;
  return std::make_unique<test::PlainRetargeter>(path);
}

AnimationRegion region_of(const std::string& name) {
  if (name == "all") return AnimationRegion::All;
  if (name == "exp") return AnimationRegion::Expression;
  if (name == "pose") return AnimationRegion::Pose;
  if (name == "lip") return AnimationRegion::Lip;
  REQUIRE(name == "eyes");
  return AnimationRegion::Eyes;
}

struct Case {
  TransferOptions options;
  std::string source, driving, landmarks;
  size_t image_frame = 0, frames = 0, offset = 0;
};

void set_flag(Case& c, const std::string& flag, const nlohmann::json& value) {
  TransferOptions& o = c.options;
  if (flag == "flag_relative_motion") {
    o.relative = value;
  } else if (flag == "animation_region") {
    o.region = region_of(value);
  } else if (flag == "driving_option") {
    REQUIRE((value == "expression-friendly" || value == "pose-friendly"));
    o.driving_option = value == "pose-friendly" ? DrivingOption::PoseFriendly : DrivingOption::ExpressionFriendly;
  } else if (flag == "flag_stitching") {
    o.stitching = value;
  } else if (flag == "flag_eye_retargeting") {
    o.eye_retargeting = value;
  } else if (flag == "flag_lip_retargeting") {
    o.lip_retargeting = value;
  } else if (flag == "flag_normalize_lip") {
    o.normalize_lip = value;
  } else if (flag == "flag_source_video_eye_retargeting") {
    o.source_video_eye_retargeting = value;
  } else if (flag == "driving_multiplier") {
    o.driving_multiplier = value;
  } else if (flag == "driving_smooth_observation_variance") {
    o.driving_smooth_observation_variance = value;
  } else if (flag == "lip_normalize_threshold") {
    o.lip_normalize_threshold = value;
  } else if (flag == "source_video_eye_retargeting_threshold") {
    o.source_video_eye_threshold = value;
  } else if (flag == "landmarks") {
    c.landmarks = value;
  } else if (flag == "image_frame") {
    c.image_frame = value;
  } else if (flag == "source") {
    c.source = value;
  } else if (flag == "driving") {
    c.driving = value;
  } else if (flag == "n_frames") {
    c.frames = value;
  } else if (flag == "offset") {
    c.offset = value;
  } else {
    FAIL("unknown flag " << flag);
  }
}

std::vector<FaceFrame> source_frames(const MotionFixture& fixture, const std::string& landmarks) {
  auto frames = fixture.frames("source");
  const auto measured = fixture.landmarks("landmarks_" + landmarks);
  REQUIRE(measured.size() == frames.size());
  for (size_t i = 0; i < frames.size(); ++i) frames[i].ratios = open_ratios(measured[i]);
  return frames;
}

}  // namespace

TEST_CASE("every way of motion transfer gives the original's keypoints") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "motion" / "motion.safetensors");
  const auto index = test::read_json(test::liveportrait_fixtures() / "motion" / "cases.json");
  const auto networks = retargeter(index.at("mlps"));
  const auto expected = fixture.points("expected_x_d");
  const auto expected_source = fixture.points("source.x_s");

  size_t run = 0;
  double largest = 0;
  for (const auto& entry : index.at("cases")) {
    Case c;
    for (const auto& [flag, value] : index.at("defaults_when_absent").items()) set_flag(c, flag, value);
    for (const auto& [flag, value] : entry.items()) set_flag(c, flag, value);
    INFO(entry.dump());

    REQUIRE((c.source == "image" || c.source == "video"));
    REQUIRE((c.driving == "video" || c.driving == "video_old" || c.driving == "single"));
    const bool still = c.driving == "single";
    const DrivingMotion driving{fixture.frames(still ? "driving_single" : "driving_video"), !still, 0};
    const auto source = source_frames(fixture, c.landmarks);
    const MotionTransfer transfer = c.source == "video"
                                        ? MotionTransfer(c.options, networks.get(), source, driving)
                                        : MotionTransfer(c.options, networks.get(), source.at(c.image_frame), driving);
    REQUIRE(transfer.size() == c.frames);
    double difference = 0;
    for (size_t i = 0; i < c.frames; ++i) {
      const size_t source_index = c.source == "video" ? i : c.image_frame;
      difference =
          std::max(difference, largest_difference(transfer.source_keypoints(i), expected_source.at(source_index)));
      difference = std::max(difference, largest_difference(transfer.driving_keypoints(i), expected.at(c.offset + i)));
    }
    CHECK(difference <= kMotionTolerance);

    if (c.source == "image" && !still) {  // the same again as a stream that knows its first frame only
      const MotionTransfer stream(c.options, networks.get(), source.at(c.image_frame), {{driving.frames[0]}, true, 0});
      for (size_t i = 0; i < c.frames; ++i) {
        CHECK(stream.driving_keypoints(driving.frames[i]) == transfer.driving_keypoints(i));
      }
    }
    largest = std::max(largest, difference);
    ++run;
  }
  std::cout << "motion transfer: " << run << " of " << index.at("cases").size() << " cases, largest difference "
            << largest << "\n";
  CHECK(run == index.at("cases").size());
}

TEST_CASE("the animals' motion transfer gives the original's keypoints") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "motion" / "animal.safetensors");
  const auto cases = test::read_json(test::liveportrait_fixtures() / "motion" / "animal_cases.json");
  const auto networks = retargeter("nets_A/retargeting_models/stitching_retargeting_module.pth");
  const auto source = fixture.motions("source").at(0);
  const auto driving = fixture.motions("driving");
  const auto expected = fixture.points("expected_x_d");
  CHECK(largest_difference(source.keypoints(), fixture.points("x_s").at(0)) <= kMotionTolerance);
  REQUIRE(!cases.empty());
  REQUIRE(expected.size() == cases.size() * driving.size());
  size_t run = 0;
  for (size_t i = 0; i < cases.size(); ++i) {
    for (const auto& [flag, value] : cases[i].items()) {
      if (flag != "flag_stitching" && flag != "driving_multiplier") FAIL("unknown flag " << flag);
    }
    const bool stitching = cases[i].at("flag_stitching");
    const AnimalTransfer transfer(source, driving, driving[0], networks.get(), stitching,
                                  cases[i].at("driving_multiplier"));
    for (size_t j = 0; j < driving.size(); ++j) {
      INFO(i << " " << j);
      CHECK(largest_difference(transfer.driving_keypoints(j), expected[i * driving.size() + j]) <= kMotionTolerance);
    }
    ++run;
  }
  CHECK(run > 0);
}
