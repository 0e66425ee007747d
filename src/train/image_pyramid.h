#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/nn/anti_alias_interpolation_2d.h"
#include "train/train_config.h"

namespace animate::train {

// Pictures [B, C, h, w] by the names of their scales.
using Pyramid = std::map<std::string, torch::Tensor>;

// Shrinks pictures to the scales at which losses look at them (models/fomm/README.md#losses).
class ImagePyramid {
 public:
  ImagePyramid(int64_t channels, const std::vector<Scale>& scales);

  void to(const torch::Device& device);
  // [B, C, H, W] -> one level a scale
  Pyramid operator()(const torch::Tensor& image);

 private:
  std::vector<Scale> scales_;
  std::vector<core::nn::AntiAliasInterpolation2d> filters_;  // one a scale; null for 1
};

}  // namespace animate::train
