#pragma once

#include <array>
#include <cstddef>

#include "base/points.h"

namespace animate::motion {

// The expression of a face at rest with closed lips (models/liveportrait/README.md#face-at-rest): x, y, z of the 21
// points. A still driver's expression is measured against it. In double precision, because the original subtracts it
// so.
extern const std::array<std::array<double, 3>, 21> kLipArray;

// The same in single precision for a model of `points` points; points behind the 21st are zero.
Points3 lip_array(size_t points = 21);

}  // namespace animate::motion
