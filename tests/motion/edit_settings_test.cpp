#include "motion/edit_values.h"

#include <clocale>
#include <set>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::motion;
using namespace animate;

namespace {

std::string refusal(const std::string& text) {
  return test::error_of(ErrorKind::Usage, [&] { EditSettings::parse(text); });
}

FaceEdit constant(const std::string& text) { return edit_at(EditSettings::parse(text), 0, 0); }

double smile_at(const EditSettings& settings, double seconds, size_t frame = 0) {
  return edit_at(settings, seconds, frame).sliders[Slider::Smile];
}

}  // namespace

TEST_CASE("every slider has one short name and the original's") {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kEditControls; ++i) {
    const EditControl& control = edit_controls()[i];
    INFO(control.name);
    CHECK(names.insert(control.name).second);
    CHECK(find_edit_control(control.name) == i);
    if (!control.slider) continue;
    CHECK(*control.slider == static_cast<Slider>(i));
    CHECK(find_edit_control(slider_info(*control.slider).name) == i);
  }
  CHECK(find_edit_control("Head-Pitch") == find_edit_control("head_pitch"));
  CHECK_FALSE(find_edit_control("").has_value());
}

TEST_CASE("constant settings") {
  const FaceEdit edit =
      constant("smile=0.6, yaw=-8 ,gaze-x = +12,eyes=0.4,lip_ratio=0.2;mov_z=1.1,EYEBALL-direction-y=-1e1");
  CHECK(edit.sliders[Slider::Smile] == 0.6);
  CHECK(edit.sliders[Slider::HeadYaw] == -8);
  CHECK(edit.sliders[Slider::EyeballX] == 12);
  CHECK(edit.sliders[Slider::EyeballY] == -10);
  CHECK(edit.sliders[Slider::MovZ] == 1.1);
  CHECK(edit.sliders[Slider::HeadPitch] == 0);
  CHECK(edit.eyes_open == 0.4);
  CHECK(edit.lip_open == 0.2);
  CHECK(edit.stitching);
  const EditSettings settings = EditSettings::parse("smile=0.6");
  CHECK(settings.sets(*find_edit_control("smile")));
  CHECK_FALSE(settings.sets(kLipControl));
  CHECK_FALSE(settings.moves());
  CHECK(settings.frames_needed(25) == 1);
  CHECK(EditSettings::parse(" ").empty());
}

TEST_CASE("keyframes: straight lines between, held outside, in seconds or frames") {
  const EditSettings settings = EditSettings::parse("smile@0.5s=0,1.5=1,2s=0.5,gaze_x@10f=0,20f=30,roll=3");
  CHECK(settings.moves());
  CHECK(smile_at(settings, 0) == 0);
  CHECK(smile_at(settings, 0.75) == Approx(0.25));
  CHECK(smile_at(settings, 1.5) == 1);
  CHECK(smile_at(settings, 1.75) == Approx(0.75));
  CHECK(smile_at(settings, 9) == 0.5);
  CHECK(edit_at(settings, 0, 5).sliders[Slider::EyeballX] == 0);
  CHECK(edit_at(settings, 0, 15).sliders[Slider::EyeballX] == Approx(15));
  CHECK(edit_at(settings, 0, 99).sliders[Slider::EyeballX] == 30);
  CHECK(edit_at(settings, 7, 99).sliders[Slider::HeadRoll] == 3);
  CHECK(settings.frames_needed(25) == 51);
  CHECK(settings.frames_needed(5) == 21);
  CHECK(EditSettings::parse("smile@2.01s=1").frames_needed(25) == 52);
  // Given in two flags, the name said again.
  CHECK(smile_at(EditSettings::parse("smile@0s=0;smile@2s=1"), 1) == Approx(0.5));
}

TEST_CASE("values outside the original's range are clamped, told, and refused where asked") {
  const EditSettings settings = EditSettings::parse("smile=9,yaw=-8,lip@0s=-1,1s=0.5");
  CHECK(smile_at(settings, 0) == 1.3);
  CHECK(edit_at(settings, 0, 0).lip_open == 0);
  REQUIRE(settings.warnings().size() == 2);
  CHECK(settings.warnings()[0] == "--set smile=9: 9 is outside the range of smile, -0.3 to 1.3; 1.3 is used");
  CHECK(settings.warnings()[1] == "--set lip@0s=-1: -1 is outside the range of lip, 0 to 0.8; 0 is used");
  CHECK(test::error_of(ErrorKind::Input, [&] { settings.refuse_warnings(); }) ==
        "--set smile=9: 9 is outside the range of smile, -0.3 to 1.3, which --strict refuses; give a value in the "
        "range");
  CHECK_NOTHROW(EditSettings::parse("smile=1.3,z=0.9").refuse_warnings());
}

TEST_CASE("what is no setting is refused in one sentence") {
  CHECK(refusal("smiel=1") == "--set smiel=1: there is no slider smiel; did you mean smile?");
  CHECK(refusal("eyeball_x=1") ==
        "--set eyeball_x=1: there is no slider eyeball_x; `animate edit --list` shows all of them");
  CHECK(refusal("head-yow=1") == "--set head-yow=1: there is no slider head-yow; did you mean head_yaw?");
  CHECK(refusal("smile") == "--set smile: has no value; write it as in smile=0.5");
  CHECK(refusal("smile=,yaw=1") == "--set smile=: an empty value is not a number; write it as in smile=1.3");
  CHECK(refusal("=1") == "--set =1: names no slider; `animate edit --list` shows all of them");
  for (const char* bad : {"much", "nan", "inf", "1e999", "0x10", "1.0.0", "1 2", "--1", "+-1", "1s"}) {
    CHECK(refusal(std::string("smile=") + bad).find(" is not a number; write it as in smile=1.3") != std::string::npos);
  }
  CHECK(refusal("smile=1,,yaw=2") == "--set: a setting between two commas is empty; write it as in smile=0.6,yaw=-8");
  CHECK(refusal("smile=1,smile=2") == "--set smile=2: smile is set twice; set it once");
  CHECK(refusal("smile=1,smile@2s=2") ==
        "--set smile@2s=2: smile is set for all frames already; keep that or the keyframes");
  CHECK(refusal("2s=1") == "--set 2s=1: belongs to no slider; name it before its first time, as in smile@0s=0,2s=1");
  CHECK(refusal("smile@0s=0,yaw=3,2s=1") ==
        "--set 2s=1: belongs to no slider; name it before its first time, as in smile@0s=0,2s=1");
  CHECK(refusal("smile@0s=0;2s=1") ==
        "--set 2s=1: belongs to no slider; name it before its first time, as in smile@0s=0,2s=1");
}

TEST_CASE("keyframes that are out of order, doubled or mixed are refused by their times") {
  CHECK(refusal("smile@2s=0,1s=1") ==
        "--set 1s=1: the keyframe of smile at 1s stands behind the one at 2s; put them in the order of their times");
  CHECK(refusal("smile@2s=0,2.0=1") == "--set 2.0=1: smile has two keyframes at 2s, 0 and 1; keep one");
  CHECK(refusal("smile@2s=0,50f=1") ==
        "--set 50f=1: smile has keyframes at 2s and 50f; give all of them in seconds or all in frames");
  for (const char* bad : {"", "x", "-1s", "1m", "1.5f", "infs", "1e9s", "s"}) {
    CHECK(refusal("smile@" + std::string(bad) + "=1")
              .find(" is no time; write seconds as 1.5s or 0:05, or the number of a frame as 50f") !=
          std::string::npos);
  }
}

TEST_CASE("numbers are read alike in every locale") {
  const std::string before = std::setlocale(LC_NUMERIC, nullptr);
  // Where the machine has no such locale the call changes nothing.
  std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
  CHECK(constant("smile=0.25").sliders[Slider::Smile] == 0.25);
  std::setlocale(LC_NUMERIC, before.c_str());
}

TEST_CASE("the text of settings is what they were read from") {
  const EditSettings settings = EditSettings::parse("smile=0.6;yaw@0s=1,2s=3");
  CHECK(settings.text() == "smile=0.6;yaw@0s=1,2s=3");
  CHECK(EditSettings::parse(settings.text()) == settings);
}
