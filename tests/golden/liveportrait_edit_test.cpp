// LivePortrait's editing functions against the original's numbers.
#include <algorithm>
#include <iostream>
#include <memory>

#include "motion/edit_values.h"
#include "motion/expression_edit.h"
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

constexpr double kEditTolerance = 2e-5;

// The index names the folder of the networks only.
std::unique_ptr<test::PlainRetargeter> small_networks(const std::string& folder = "nets_A") {
  const auto path = test::liveportrait_fixtures() / folder / "retargeting_models" / "stitching_retargeting_module.pth";
  return std::make_unique<test::PlainRetargeter>(path);
}

// The fixtures spell the original's arguments.
Slider slider_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  const auto slider = find_slider(name);
  INFO("unknown slider " << name);
  REQUIRE(slider.has_value());
  return *slider;
}

}  // namespace

TEST_CASE("every slider adds to the expression what the original adds") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "retarget" / "deltas.safetensors");
  const auto cases = test::read_json(test::liveportrait_fixtures() / "retarget" / "deltas.json");
  const auto expected = fixture.points("delta");
  REQUIRE(!cases.empty());
  REQUIRE(expected.size() == cases.size());
  for (size_t i = 0; i < cases.size(); ++i) {
    const std::string function = cases[i].at("function");
    const std::vector<double> arguments = cases[i].at("args");
    INFO(cases[i].dump());
    SliderValues values;
    if (function == "eyeball_direction") {
      REQUIRE(arguments.size() == 2);
      values[Slider::EyeballX] = arguments[0];
      values[Slider::EyeballY] = arguments[1];
    } else {
      REQUIRE(arguments.size() == 1);
      // The original's function for mov_x is called with the slider's value negated; the cases hold its argument.
      values[slider_of(function)] = function == "mov_x" ? -arguments[0] : arguments[0];
    }
    CHECK(largest_difference(expression_delta(values), expected[i]) <= 1e-7);
  }
}

TEST_CASE("edited pictures get the original's keypoints") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "retarget" / "image.safetensors");
  const auto index = test::read_json(test::liveportrait_fixtures() / "retarget" / "image_cases.json");
  const auto networks = small_networks(index.at("mlps"));
  FaceFrame source = fixture.frames("source").at(0);
  source.ratios = open_ratios(fixture.landmarks("landmarks203").at(0));
  CHECK(largest_difference(source.motion.keypoints(), fixture.points("x_s").at(0)) <= kEditTolerance);
  const auto expected = fixture.points("expected_x_d");
  REQUIRE(expected.size() == index.at("cases").size());
  size_t run = 0;
  double largest = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto& entry = index.at("cases")[i];
    INFO(entry.dump());
    FaceEdit edit;
    for (const auto& [flag, value] : entry.items()) {
      if (flag == "stitching") {
        edit.stitching = value;
      } else if (flag == "eye_ratio") {
        if (value != index.at("source_eye_ratio")) edit.eyes_open = value.get<double>();
      } else if (flag == "lip_ratio") {
        if (value != index.at("source_lip_ratio")) edit.lip_open = value.get<double>();
      } else {
        edit.sliders[slider_of(flag)] = value;
      }
    }
    const double difference = largest_difference(edited_keypoints(source, edit, networks.get()), expected[i]);
    CHECK(difference <= kEditTolerance);
    largest = std::max(largest, difference);
    ++run;
  }
  std::cout << "image retargeting: " << run << " of " << expected.size() << " cases, largest difference " << largest
            << "\n";
  CHECK(run == expected.size());
}

TEST_CASE("the same settings written as --set give the same keypoints") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "retarget" / "image.safetensors");
  const auto index = test::read_json(test::liveportrait_fixtures() / "retarget" / "image_cases.json");
  const auto networks = small_networks(index.at("mlps"));
  FaceFrame source = fixture.frames("source").at(0);
  source.ratios = open_ratios(fixture.landmarks("landmarks203").at(0));
  const auto expected = fixture.points("expected_x_d");
  size_t run = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto& entry = index.at("cases")[i];
    std::string text;
    bool stitching = true;
    for (const auto& [flag, value] : entry.items()) {
      if (flag == "stitching") {
        stitching = value;
      } else if (value != index.value("source_" + flag, nlohmann::json())) {
        text += (text.empty() ? "" : ",") + flag + "=" + value.dump();
      }
    }
    INFO(text);
    const EditSettings settings = EditSettings::parse(text);
    CHECK(settings.warnings().empty());
    FaceEdit edit = edit_at(settings, 0, 0);
    edit.stitching = stitching;
    CHECK(largest_difference(edited_keypoints(source, edit, networks.get()), expected[i]) <= kEditTolerance);
    ++run;
  }
  CHECK(run > 0);
}

TEST_CASE("videos with other lips get the original's keypoints") {
  const MotionFixture fixture(test::liveportrait_fixtures() / "retarget" / "video.safetensors");
  const auto cases = test::read_json(test::liveportrait_fixtures() / "retarget" / "video_cases.json");
  auto source = fixture.frames("source");
  const auto landmarks = fixture.landmarks("landmarks203");
  REQUIRE(landmarks.size() == source.size());
  for (size_t i = 0; i < source.size(); ++i) source[i].ratios = open_ratios(landmarks[i]);
  const auto expected = fixture.points("expected_x_d");
  REQUIRE(!cases.empty());
  REQUIRE(expected.size() == cases.size() * source.size());
  const auto networks = small_networks();
  for (size_t i = 0; i < cases.size(); ++i) {
    INFO(cases[i].dump());
    for (const auto& [flag, value] : cases[i].items()) {
      if (flag != "lip" && flag != "var" && flag != "silence") FAIL("unknown flag " << flag);
    }
    std::vector<Points3> actual;
    if (cases[i].at("silence")) {
      for (const FaceFrame& frame : source) actual.push_back(silent_lips(frame.motion, networks.get()));
    } else {
      actual = retarget_lips(source, cases[i].at("lip"), *networks, cases[i].at("var"));
    }
    REQUIRE(actual.size() == source.size());
    for (size_t j = 0; j < source.size(); ++j) {
      INFO("frame " << j);
      CHECK(largest_difference(actual[j], expected[i * source.size() + j]) <= kEditTolerance);
    }
  }
}
