#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include "core/nn/blocks_2d.h"
#include "core/nn/hourglass_3d.h"
#include "models/liveportrait/config.h"

namespace animate::liveportrait {

// Where every voxel of the animated volume comes from.
struct DenseMotion3d {
  torch::Tensor compressed;        // [B, compress, D, H, W]
  torch::Tensor sparse_motions;    // [B, K + 1, D, H, W, 3], background first
  torch::Tensor deformed_feature;  // [B, K + 1, compress, D, H, W]
  torch::Tensor heatmaps;          // [B, K + 1, 1, D, H, W]
  torch::Tensor hourglass;         // [B, C, D, H, W]
  torch::Tensor mask;              // [B, K + 1, D, H, W], softmax over K + 1
  torch::Tensor deformation;       // [B, D, H, W, 3] in [-1, 1], x, y, z
  torch::Tensor occlusion_map;     // [B, 1, H, W] in [0, 1]; undefined where the model has none
};

// LivePortrait, spec section 3.3: combines K + 1 local motions, first-order only, into one motion field.
struct DenseMotionNetworkImpl : torch::nn::Module {
  explicit DenseMotionNetworkImpl(const WarpingConfig& config);
  // feature [B, C, D, H, W]; keypoints [B, K, 3] in [-1, 1]. Grids, heatmaps and the softmax stay in float whatever
  // the type of the feature.
  DenseMotion3d forward(const torch::Tensor& feature, const torch::Tensor& kp_driving, const torch::Tensor& kp_source);

  nn::Hourglass3d hourglass{nullptr};
  torch::nn::Conv3d mask{nullptr}, compress{nullptr};
  nn::BatchNorm2d norm{nullptr};
  torch::nn::Conv2d occlusion{nullptr};  // empty where the model has none
};
TORCH_MODULE(DenseMotionNetwork);

struct Warped {
  torch::Tensor feature_map;  // [B, block_expansion * 2^num_down_blocks, H, W], what the generator paints from
  torch::Tensor warped_volume;
  DenseMotion3d motion;
};

// W (spec section 3.3): warps the source's feature volume to the driving keypoints and flattens it.
struct WarpingNetworkImpl : torch::nn::Module {
  explicit WarpingNetworkImpl(const WarpingConfig& config);
  Warped forward(const torch::Tensor& feature, const torch::Tensor& kp_driving, const torch::Tensor& kp_source);

  DenseMotionNetwork dense_motion_network{nullptr};
  nn::SameBlock2d third{nullptr};
  torch::nn::Conv2d fourth{nullptr};
};

}  // namespace animate::liveportrait
