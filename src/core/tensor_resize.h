#pragma once

#include <torch/types.h>

#include <cstdint>

namespace animate::core {

// resize_smooth() for pictures that are on a device already, with the same numbers to the bit: every sum is added up in
// the same order, in double precision. For one size of pictures; immutable, so several threads may use it.
class TensorResize {
 public:
  TensorResize(int64_t height, int64_t width, int64_t out_height, int64_t out_width, const torch::Device& device);

  // Bytes [B, height, width, 3] -> [B, 3, out_height, out_width] in [0, 1], float.
  torch::Tensor operator()(const torch::Tensor& bytes) const;

  // Whether it was made for these sizes.
  bool takes(int64_t height, int64_t width, int64_t out_height, int64_t out_width) const {
    return height == height_ && width == width_ && out_height == out_height_ && out_width == out_width_;
  }

 private:
  // One axis: for every tap the samples it takes and their weights, [out] each. Where an output sample has fewer taps
  // than others it takes nothing of sample 0.
  struct Axis {
    torch::Tensor indices;  // [taps, out]
    torch::Tensor weights;  // [taps, out], double
  };
  static Axis make_axis(int64_t in, int64_t out, const torch::Device& device);

  int64_t height_, width_, out_height_, out_width_;
  Axis down_, across_;
};

}  // namespace animate::core
