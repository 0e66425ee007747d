#include "base/colormap.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace animate {
inline namespace base {
namespace {

// Where gist_rainbow bends, and its three channels there.
constexpr size_t kKnots = 8;
constexpr std::array<double, kKnots> kKnot = {0, .03, .215, .4, .586, .77, .954, 1};
constexpr std::array<std::array<double, kKnots>, 3> kChannels = {{
    {1, 1, 1, 0, 0, 0, 1, 1},
    {0, 0, 1, 1, 1, 0, 0, 0},
    {.16, 0, 0, 0, 1, 1, 1, .75},
}};

double interpolate(const std::array<double, kKnots>& values, double u) {
  size_t next = 1;
  while (next + 1 < kKnots && kKnot[next] < u) ++next;
  const double share = (u - kKnot[next - 1]) / (kKnot[next] - kKnot[next - 1]);
  return values[next - 1] + share * (values[next] - values[next - 1]);
}

}  // namespace

std::array<double, 3> gist_rainbow(double u) {
  const double entry = std::clamp(std::trunc(256 * u), 0.0, 255.0) / 255;
  return {interpolate(kChannels[0], entry), interpolate(kChannels[1], entry), interpolate(kChannels[2], entry)};
}

}  // namespace base
}  // namespace animate
