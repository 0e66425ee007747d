#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/points.h"

namespace animate::motion {

// The sliders that edit a face by hand (models/liveportrait/README.md#sliders), as a table: flags, help and the editing
// itself read it.

enum class Slider {
  HeadPitch,
  HeadYaw,
  HeadRoll,
  MovX,
  MovY,
  MovZ,
  LipZero,
  LipOne,
  LipTwo,
  LipThree,
  Smile,
  Wink,
  Eyebrow,
  EyeballX,
  EyeballY,
  Count
};
inline constexpr size_t kSliders = static_cast<size_t>(Slider::Count);

// expression[point][axis] += factor * value
struct EditTerm {
  size_t point;
  size_t axis;
  double factor;
};

struct SliderInfo {
  std::string_view name;  // as a flag: "eyeball-direction-x"
  std::string_view help;
  double low;  // the range that the original offers; other finite values work too
  double high;
  double neutral;                   // changes nothing
  std::span<const EditTerm> above;  // for values above 0; empty for sliders that move the head as a whole
  std::span<const EditTerm> below;  // for values up to 0
};

const SliderInfo& slider_info(Slider slider);
std::optional<Slider> find_slider(std::string_view name);

// A position of every slider, at first neutral.
class SliderValues {
 public:
  SliderValues();
  double operator[](Slider slider) const { return values_[static_cast<size_t>(slider)]; }
  double& operator[](Slider slider) { return values_[static_cast<size_t>(slider)]; }

 private:
  std::array<double, kSliders> values_;
};

// What the sliders add to an expression of `points` points; terms of points that do not exist are left out.
Points3 expression_delta(const SliderValues& values, size_t points = 21);

}  // namespace animate::motion
