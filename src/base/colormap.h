#pragma once

#include <array>

namespace animate {
inline namespace base {

// Matplotlib's gist_rainbow at u in [0, 1], R, G, B in [0, 1]: entry trunc(256 u) of its table of 256 colours, which
// the original's visualiser paints keypoints with (models/fomm/README.md#visualiser).
std::array<double, 3> gist_rainbow(double u);

}  // namespace base
}  // namespace animate
