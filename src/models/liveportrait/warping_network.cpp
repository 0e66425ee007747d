#include "models/liveportrait/warping_network.h"

#include "core/grid.h"
#include "core/heatmap.h"
#include "core/nn/blocks_3d.h"

namespace animate::liveportrait {
namespace {

constexpr double kKeypointVariance = 0.01;
constexpr double kLeakySlope = 0.01;

// S_0 = z for the background, S_k = z - driving_k + source_k. -> [B, K + 1, D, H, W, 3]
torch::Tensor make_sparse_motions(const torch::Tensor& grid, const torch::Tensor& driving,
                                  const torch::Tensor& source) {
  const auto shift = (source - driving).view({driving.size(0), driving.size(1), 1, 1, 1, 3});
  const auto identity = grid.view({1, 1, grid.size(0), grid.size(1), grid.size(2), 3});
  return torch::cat({identity.expand({driving.size(0), 1, -1, -1, -1, -1}), identity + shift}, 1);
}

// Sampling ignores that the grid is corner-aligned: both as in the original (spec section 14.14).
torch::Tensor deform(const torch::Tensor& feature, const torch::Tensor& motions) {
  const int64_t batch = motions.size(0);
  const int64_t count = motions.size(1);
  const auto repeated = feature.unsqueeze(1).expand({batch, count, -1, -1, -1, -1}).flatten(0, 1);
  const auto sampled = sample_trilinear(repeated, motions.flatten(0, 1));
  return sampled.view({batch, count, feature.size(1), feature.size(2), feature.size(3), feature.size(4)});
}

}  // namespace

DenseMotionNetworkImpl::DenseMotionNetworkImpl(const WarpingConfig& config) {
  const DenseMotionConfig& c = config.dense_motion;
  const int64_t in = (config.num_kp + 1) * (c.compress + 1);
  const nn::HourglassOptions options{in, c.block_expansion, c.num_blocks, c.max_features};
  hourglass = register_module("hourglass", nn::Hourglass3d(options));
  mask = register_module("mask", nn::same_convolution_3d(options.out_channels(), config.num_kp + 1, 7));
  compress = register_module("compress", nn::same_convolution_3d(config.reshape_channel, c.compress, 1));
  norm = register_module("norm", nn::BatchNorm2d(c.compress));
  if (config.estimate_occlusion_map) {
    occlusion = register_module(
        "occlusion",
        torch::nn::Conv2d(torch::nn::Conv2dOptions(options.out_channels() * c.reshape_depth, 1, 7).padding(3)));
  }
}

DenseMotion3d DenseMotionNetworkImpl::forward(const torch::Tensor& feature, const torch::Tensor& kp_driving,
                                              const torch::Tensor& kp_source) {
  DenseMotion3d out;
  out.compressed = nn::normalise_relu(norm, compress->forward(feature));
  const auto grid = coordinate_grid_3d(feature.size(2), feature.size(3), feature.size(4), kp_driving.options());
  out.sparse_motions = make_sparse_motions(grid, kp_driving, kp_source);
  out.deformed_feature = deform(out.compressed.to(torch::kFloat), out.sparse_motions);
  const auto difference = keypoints_to_gaussian_3d(kp_driving, grid, kKeypointVariance) -
                          keypoints_to_gaussian_3d(kp_source, grid, kKeypointVariance);
  out.heatmaps = torch::cat({torch::zeros_like(difference.narrow(1, 0, 1)), difference}, 1).unsqueeze(2);
  // Channel order is interleaved per local motion, heatmap first.
  const auto input = torch::cat({out.heatmaps, out.deformed_feature}, 2).flatten(1, 2);
  out.hourglass = hourglass->forward(input.to(feature.scalar_type()));
  out.mask = torch::softmax(mask->forward(out.hourglass).to(torch::kFloat), 1);
  out.deformation = (out.mask.unsqueeze(-1) * out.sparse_motions).sum(1);
  // Depth goes into the channels: index c * D + d.
  if (!occlusion.is_empty()) out.occlusion_map = torch::sigmoid(occlusion->forward(out.hourglass.flatten(1, 2)));
  return out;
}

WarpingNetworkImpl::WarpingNetworkImpl(const WarpingConfig& config) {
  dense_motion_network = register_module("dense_motion_network", DenseMotionNetwork(config));
  const int64_t width = config.block_expansion << config.num_down_blocks;
  third = register_module("third", nn::SameBlock2d(config.max_features, width, 3, kLeakySlope));
  fourth = register_module("fourth", torch::nn::Conv2d(torch::nn::Conv2dOptions(width, width, 1)));
}

Warped WarpingNetworkImpl::forward(const torch::Tensor& feature, const torch::Tensor& kp_driving,
                                   const torch::Tensor& kp_source) {
  Warped out;
  out.motion = dense_motion_network->forward(feature, kp_driving, kp_source);
  out.warped_volume = sample_trilinear(feature.to(torch::kFloat), out.motion.deformation);
  out.feature_map = fourth->forward(third->forward(out.warped_volume.flatten(1, 2).to(feature.scalar_type())));
  if (out.motion.occlusion_map.defined()) out.feature_map = out.feature_map * out.motion.occlusion_map;
  return out;
}

}  // namespace animate::liveportrait
