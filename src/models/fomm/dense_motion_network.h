#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include "core/grid.h"
#include "core/nn/anti_alias_interpolation_2d.h"
#include "core/nn/hourglass.h"
#include "core/nn/inference_block.h"
#include "models/fomm/config.h"
#include "models/fomm/keypoints.h"

namespace animate::models::fomm {

// The motion field from driving frame to source frame, and where the source has nothing to offer. K keypoints and the
// background give K + 1 local motions.
struct DenseMotion {
  torch::Tensor deformation;    // [B, h, w, 2] source coordinates in [-1, 1]
  torch::Tensor occlusion_map;  // [B, 1, h, w] in [0, 1], or undefined
  torch::Tensor mask;           // [B, K + 1, h, w], sums to 1 over the local motions

  // Intermediate results, for the visualiser and the parity tests.
  torch::Tensor heatmap_diff;     // [B, K + 1, 1, h, w]
  torch::Tensor sparse_motion;    // [B, K + 1, h, w, 2]
  torch::Tensor sparse_deformed;  // [B, K + 1, C, h, w]
  torch::Tensor hourglass;        // [B, block_expansion + in, h, w]
};

// Combines local affine motions into one dense field (models/fomm/README.md#dense-motion). Works on a source that
// shrink() made once per source. Read-only once in eval mode: safe to call from several threads.
struct DenseMotionNetworkImpl : torch::nn::Module, core::nn::InferenceBlock {
  explicit DenseMotionNetworkImpl(const Config& config);

  // source image [B, C, H, W] -> [B, C, h, w] at the network's scale
  torch::Tensor shrink(const torch::Tensor& image);
  DenseMotion forward(const torch::Tensor& small_source, const Keypoints& driving, const Keypoints& source,
                      core::AlignCorners align);
  void use_fast_convolutions(core::nn::ConvMode mode) override;

  core::nn::Hourglass hourglass{nullptr};
  torch::nn::Conv2d mask{nullptr}, occlusion{nullptr};
  core::nn::AntiAliasInterpolation2d down{nullptr};

 private:
  // -> [B, K + 1 (+ 1 with an occlusion map), h, w] before softmax and sigmoid
  torch::Tensor heads(const torch::Tensor& features);
  std::pair<torch::Tensor, torch::Tensor> joined_heads();  // weight and bias

  std::shared_ptr<const core::nn::FastConvolution> fast_heads_;  // after use_fast_convolutions()
  double kp_variance_;
  core::GridEnds grid_;
  core::Padding padding_;
};
TORCH_MODULE(DenseMotionNetwork);

}  // namespace animate::models::fomm
