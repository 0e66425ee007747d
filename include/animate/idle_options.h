#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>

#include "animate/export.h"
#include "animate/option_visitor.h"

namespace animate {

// Motion without a clip, where the driver is kIdleDriver (motion/README.md#idle).
struct ANIMATE_EXPORT IdleOptions {
  static constexpr double kSeconds = 10;

  double seconds = std::numeric_limits<double>::infinity();  // infinite: as long as `talk`, or kSeconds without it
  int64_t seed = 0;
  double liveliness = 1;       // 0: only breath and blinks; 2: twice the sway
  std::filesystem::path talk;  // sound whose loudness moves jaw and lips; empty: the mouth rests

  void describe(OptionVisitor& visitor);
  bool operator==(const IdleOptions&) const = default;
};

}  // namespace animate
