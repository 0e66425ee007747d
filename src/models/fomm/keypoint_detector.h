#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include "core/nn/anti_alias_interpolation_2d.h"
#include "core/nn/hourglass.h"
#include "models/fomm/config.h"
#include "models/fomm/keypoints.h"

namespace animate::models::fomm {

// Finds K keypoints, and the local affine frame around each, in an image (models/fomm/README.md#keypoints).
// Read-only once in eval mode: safe to call from several threads.
struct KeypointDetectorImpl : torch::nn::Module {
  struct Output {
    Keypoints keypoints;
    torch::Tensor logits;       // [B, K, h', w'], whose softmax over a map's positions is its heatmap
    torch::Tensor heatmap;      // [B, K, h', w'], each map sums to 1
    torch::Tensor feature_map;  // [B, block_expansion + C, h, w]
  };

  explicit KeypointDetectorImpl(const Config& config);

  // image [B, C, H, W] in [0, 1]. Keypoints lie on the grid that the config names.
  Output detect(const torch::Tensor& image);
  Keypoints forward(const torch::Tensor& image) { return detect(image).keypoints; }

  core::nn::Hourglass predictor{nullptr};
  torch::nn::Conv2d kp{nullptr}, jacobian{nullptr};
  core::nn::AntiAliasInterpolation2d down{nullptr};

 private:
  torch::Tensor local_frames(const Output& out);  // [B, K, 2, 2]

  double temperature_;
  int64_t num_kp_;
  int64_t jacobian_stride_;
  core::GridEnds grid_;
};
TORCH_MODULE(KeypointDetector);

}  // namespace animate::models::fomm
