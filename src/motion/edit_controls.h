#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "motion/edit_sliders.h"

namespace animate::motion {

// Everything that can be set about a face by name: the sliders, and how far eyes and lips shall be open.
struct EditControl {
  std::string_view name;                 // as we write it: "gaze_x"
  std::array<std::string_view, 2> also;  // other names, the original's among them: "eyeball_direction_x"
  std::optional<Slider> slider;          // none: eyes, then lip
  double low = 0;                        // the range that the original offers
  double high = 0;
  std::optional<double> neutral;  // none: as open as they are
  std::string_view help;
};

inline constexpr size_t kEyesControl = kSliders;
inline constexpr size_t kLipControl = kSliders + 1;
inline constexpr size_t kEditControls = kSliders + 2;

const std::array<EditControl, kEditControls>& edit_controls();

// The control of that name, short or the original's, with - or _, in small or large letters.
std::optional<size_t> find_edit_control(std::string_view name);

// The known name that is most like an unknown one; empty when none is.
std::string nearest_edit_control(std::string_view name);

}  // namespace animate::motion
