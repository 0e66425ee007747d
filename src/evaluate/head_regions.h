#pragma once

#include <torch/types.h>

#include "heads/head_geometry.h"

namespace animate::evaluate {

// A part of a picture in pixels; x1 and y1 lie outside.
struct Region {
  int64_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  bool empty() const { return x0 >= x1 || y0 >= y1; }
};

// The rectangle around the mouth (its corners and lips, a third of its width added on every side), and that around
// either eye (as wide as seven tenths of the way between the eyes), in pictures of `size` pixels.
Region mouth_region(const heads::HeadTruth& truth, int64_t size);
Region eye_region(const heads::HeadTruth& truth, heads::Keypoint eye, int64_t size);

// pictures [B, C, S, S] -> a view of the region.
torch::Tensor part_of(const torch::Tensor& pictures, const Region& region);

}  // namespace animate::evaluate
