#pragma once

#include <optional>

#include "base/points.h"

namespace animate::motion {

// Volume of the convex hull of some dozens of points, in double precision. Points that lie in one plane, within a
// millionth of their extent, on one line or at one place have the volume 0; so have points that are not finite.
double hull_volume(const Points3& points);

// How much larger the source's face is than the driver's first one: sqrt(V(source)) / sqrt(V(driving)), the factor
// that expression-friendly driving scales motion by (models/liveportrait/README.md#expression-friendly). nullopt where
// one of them is flat: the caller decides.
std::optional<double> motion_multiplier(const Points3& source, const Points3& driving);

}  // namespace animate::motion
