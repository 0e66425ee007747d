#pragma once

#include <string>
#include <vector>

#include "animate/image.h"

namespace animate::pictures {

// One kind of operation in a roofline diagram.
struct RooflinePoint {
  enum Kind { Convolution, Winograd, Other };

  double intensity = 0;  // FLOP a byte moved, above 0
  double gflops = 0;     // 10^9 FLOP a second, above 0
  double share = 0;      // of the frame's time, 0..1: the disc's area
  Kind kind = Other;
  std::string label;  // ASCII is shown, beside the points with the largest shares
};

struct Roofline {
  std::string title;
  double gflops = 0;                // the flat roof, above 0
  double gigabytes_per_second = 0;  // the slanted one: so many times the intensity, above 0
  std::vector<RooflinePoint> points;
};

// The diagram of Williams, Waterman and Patterson (Roofline, 2009): speed over intensity, both logarithmic, below what
// the machine's arithmetic and memory allow. 1200 x 800 pixels; both axes reach over all points and the ridge.
// Throws Error(Internal) for numbers that are not finite and positive.
Image draw_roofline(const Roofline& roofline);

}  // namespace animate::pictures
