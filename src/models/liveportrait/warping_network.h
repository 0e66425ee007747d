#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include "core/nn/blocks_2d.h"
#include "core/nn/hourglass_3d.h"
#include "core/nn/inference_block.h"
#include "models/liveportrait/config.h"

namespace animate::models::liveportrait {

// Where every voxel of the animated volume comes from.
struct DenseMotion3d {
  torch::Tensor compressed;     // [B, compress, D, H, W]
  torch::Tensor local_maps;     // [B, (K + 1) * (1 + compress), D, H, W]: of each local motion, background first, its
                                // heatmap and the compressed feature that it deformed
  torch::Tensor hourglass;      // [B, C, D, H, W]
  torch::Tensor mask;           // [B, K + 1, D, H, W], softmax over K + 1
  torch::Tensor deformation;    // [B, D, H, W, 3] in [-1, 1], x, y, z
  torch::Tensor occlusion_map;  // [B, 1, H, W] in [0, 1]; undefined where the model has none
};

// S_0 = z for the background, S_k = z - driving_k + source_k at the places z of `grid` [D, H, W, 3]; keypoints
// [B, K, 3] -> [B, K + 1, D, H, W, 3]
torch::Tensor sparse_motions(const torch::Tensor& grid, const torch::Tensor& driving, const torch::Tensor& source);

// Combines K + 1 local motions, first-order only, into one motion field
// (models/liveportrait/README.md#warping-network).
struct DenseMotionNetworkImpl : torch::nn::Module, core::nn::InferenceBlock {
  explicit DenseMotionNetworkImpl(const WarpingConfig& config);
  // feature [B, C, D, H, W]; keypoints [B, K, 3] in [-1, 1]. Grids, heatmaps and the softmax stay in float whatever
  // the type of the feature.
  DenseMotion3d forward(const torch::Tensor& feature, const torch::Tensor& kp_driving, const torch::Tensor& kp_source);
  void use_fast_convolutions(core::nn::ConvMode mode) override;

  core::nn::Hourglass3d hourglass{nullptr};
  torch::nn::Conv3d mask{nullptr}, compress{nullptr};
  core::nn::BatchNorm2d norm{nullptr};
  torch::nn::Conv2d occlusion{nullptr};  // empty where the model has none

 private:
  // One local motion after the other, as the original does it; and all at once, on the CPU.
  void deform_plainly(DenseMotion3d& out, const torch::Tensor& feature, const torch::Tensor& kp_driving,
                      const torch::Tensor& kp_source);
  void deform_fast(DenseMotion3d& out, const torch::Tensor& feature, const torch::Tensor& kp_driving,
                   const torch::Tensor& kp_source);
  void paint_masks(DenseMotion3d& out);
  torch::Tensor occlusion_logits(const torch::Tensor& volume);

  std::shared_ptr<const core::nn::FastConvolution> fast_mask_;  // after use_fast_convolutions()
  torch::Tensor occlusion_taps_;                                // the same, [D, C, 7 * 7]
};
TORCH_MODULE(DenseMotionNetwork);

struct Warped {
  torch::Tensor feature_map;  // [B, block_expansion * 2^num_down_blocks, H, W], what the generator paints from
  torch::Tensor warped_volume;
  DenseMotion3d motion;
};

// W (models/liveportrait/README.md#warping-network): warps the source's feature volume to the driving keypoints and
// flattens it.
struct WarpingNetworkImpl : torch::nn::Module, core::nn::InferenceBlock {
  explicit WarpingNetworkImpl(const WarpingConfig& config);
  Warped forward(const torch::Tensor& feature, const torch::Tensor& kp_driving, const torch::Tensor& kp_source);
  void use_fast_convolutions(core::nn::ConvMode /*mode*/) override { fast_ = true; }

  DenseMotionNetwork dense_motion_network{nullptr};
  core::nn::SameBlock2d third{nullptr};
  torch::nn::Conv2d fourth{nullptr};

 private:
  bool fast_ = false;
};

}  // namespace animate::models::liveportrait
