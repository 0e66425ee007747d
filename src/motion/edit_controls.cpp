#include "motion/edit_controls.h"

#include <cctype>
#include <vector>

#include "base/nearest.h"

namespace animate::motion {
namespace {

EditControl of_slider(std::string_view name, Slider slider, std::array<std::string_view, 2> also) {
  const SliderInfo& info = slider_info(slider);
  return {name, also, slider, info.low, info.high, info.neutral, info.help};
}

// The original's page offers ratios up to this for both.
constexpr double kWidestOpen = 0.8;

std::array<EditControl, kEditControls> make_controls() {
  return {{
      of_slider("pitch", Slider::HeadPitch, {"head_pitch", ""}),
      of_slider("yaw", Slider::HeadYaw, {"head_yaw", ""}),
      of_slider("roll", Slider::HeadRoll, {"head_roll", ""}),
      of_slider("x", Slider::MovX, {"mov_x", ""}),
      of_slider("y", Slider::MovY, {"mov_y", ""}),
      of_slider("z", Slider::MovZ, {"mov_z", ""}),
      of_slider("lip_zero", Slider::LipZero, {"lip_variation_zero", "pouting"}),
      of_slider("lip_one", Slider::LipOne, {"lip_variation_one", "pursing"}),
      of_slider("lip_two", Slider::LipTwo, {"lip_variation_two", "grin"}),
      of_slider("lip_three", Slider::LipThree, {"lip_variation_three", ""}),
      of_slider("smile", Slider::Smile, {}),
      of_slider("wink", Slider::Wink, {}),
      of_slider("eyebrow", Slider::Eyebrow, {}),
      of_slider("gaze_x", Slider::EyeballX, {"eyeball_direction_x", ""}),
      of_slider("gaze_y", Slider::EyeballY, {"eyeball_direction_y", ""}),
      {"eyes", {"eye_ratio", "eyes_open"}, std::nullopt, 0, kWidestOpen, std::nullopt, "eyes open: height over width"},
      {"lip", {"lip_ratio", "lip_open"}, std::nullopt, 0, kWidestOpen, std::nullopt, "lips open: height over width"},
  }};
}

// "Head-Pitch" -> "head_pitch"
std::string canonical(std::string_view name) {
  std::string result(name);
  for (char& c : result) c = c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

const std::array<EditControl, kEditControls>& edit_controls() {
  static const auto controls = make_controls();
  return controls;
}

std::optional<size_t> find_edit_control(std::string_view name) {
  const std::string wanted = canonical(name);
  if (wanted.empty()) return std::nullopt;
  const auto& controls = edit_controls();
  for (size_t i = 0; i < controls.size(); ++i) {
    if (wanted == controls[i].name || wanted == controls[i].also[0] || wanted == controls[i].also[1]) return i;
  }
  return std::nullopt;
}

std::string nearest_edit_control(std::string_view name) {
  std::vector<std::string> known;
  for (const EditControl& control : edit_controls()) {
    // One letter is near to everything.
    if (control.name.size() > 1) known.emplace_back(control.name);
    for (const std::string_view other : control.also) {
      if (!other.empty()) known.emplace_back(other);
    }
  }
  return nearest(canonical(name), known);
}

}  // namespace animate::motion
