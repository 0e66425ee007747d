#pragma once

#include <map>
#include <string>

#include "base/float_array.h"

namespace animate::motion {

// The motion of one frame as a bundle of named arrays, each [1, ...]. The form motion has at the seam between a model
// and everybody else; inside a family it becomes a typed struct at once (fomm::Keypoints, FaceFrame). Always in the
// computer's memory, so that templates can be edited and drivers prepared without LibTorch. Plain data.
struct Motion {
  std::map<std::string, FloatArray> arrays;

  bool operator==(const Motion&) const = default;
};

}  // namespace animate::motion
