#include "models/liveportrait/warping_network.h"

#include <ATen/Parallel.h>

#include "core/grid.h"
#include "core/heatmap.h"
#include "core/nn/blocks_3d.h"
#include "models/liveportrait/local_motion_maps.h"

namespace animate::models::liveportrait {
namespace {

constexpr double kKeypointVariance = 0.01;
constexpr double kLeakySlope = 0.01;
constexpr int64_t kHeadKernel = 7;

// Sampling ignores that the grid is corner-aligned: both as in the original
// (models/liveportrait/README.md#aligned-and-not).
torch::Tensor deform(const torch::Tensor& feature, const torch::Tensor& motions) {
  const int64_t batch = motions.size(0);
  const int64_t count = motions.size(1);
  const auto repeated = feature.unsqueeze(1).expand({batch, count, -1, -1, -1, -1}).flatten(0, 1);
  const auto sampled = core::sample_trilinear(repeated, motions.flatten(0, 1));
  return sampled.view({batch, count, feature.size(1), feature.size(2), feature.size(3), feature.size(4)});
}

// Whether the CPU's own code can compute this: in float, and without gradients.
bool is_plain_float(const torch::Tensor& x) {
  return x.is_cpu() && x.scalar_type() == torch::kFloat && !(torch::GradMode::is_enabled() && x.requires_grad());
}

}  // namespace

torch::Tensor sparse_motions(const torch::Tensor& grid, const torch::Tensor& driving, const torch::Tensor& source) {
  const auto shift = (source - driving).view({driving.size(0), driving.size(1), 1, 1, 1, 3});
  const auto identity = grid.view({1, 1, grid.size(0), grid.size(1), grid.size(2), 3});
  return torch::cat({identity.expand({driving.size(0), 1, -1, -1, -1, -1}), identity + shift}, 1);
}

DenseMotionNetworkImpl::DenseMotionNetworkImpl(const WarpingConfig& config) {
  const DenseMotionConfig& c = config.dense_motion;
  const int64_t in = (config.num_kp + 1) * (c.compress + 1);
  const core::nn::HourglassOptions options{in, c.block_expansion, c.num_blocks, c.max_features};
  hourglass = register_module("hourglass", core::nn::Hourglass3d(options));
  mask = register_module("mask", core::nn::same_convolution_3d(options.out_channels(), config.num_kp + 1, kHeadKernel));
  compress = register_module("compress", core::nn::same_convolution_3d(config.reshape_channel, c.compress, 1));
  norm = register_module("norm", core::nn::BatchNorm2d(c.compress));
  if (config.estimate_occlusion_map) {
    occlusion = register_module(
        "occlusion",
        torch::nn::Conv2d(torch::nn::Conv2dOptions(options.out_channels() * c.reshape_depth, 1, kHeadKernel)
                              .padding(kHeadKernel / 2)));
  }
}

void DenseMotionNetworkImpl::use_fast_convolutions(core::nn::ConvMode mode) {
  fast_mask_ = std::make_shared<const core::nn::FastConvolution>(mask->weight, mask->bias,
                                                                 core::nn::FastConvolution::Form{}, mode);
  if (occlusion.is_empty()) return;
  const int64_t channels = mask->options.in_channels();
  const auto taps = occlusion->weight.detach().view({channels, -1, kHeadKernel * kHeadKernel});
  occlusion_taps_ = taps.permute({1, 0, 2}).flip(2).contiguous();
}

// With a single channel to make, a matrix product over the pixels for each of the 49 taps, whose maps are then added up
// shifted, is far faster than a convolution; and no voxel is copied for its depth to become channels.
torch::Tensor DenseMotionNetworkImpl::occlusion_logits(const torch::Tensor& volume) {
  // Depth goes into the channels: index c * D + d.
  if (!occlusion_taps_.defined()) return occlusion->forward(volume.flatten(1, 2));
  const int64_t height = volume.size(3);
  const int64_t width = volume.size(4);
  const auto planes = volume.permute({2, 0, 3, 4, 1}).flatten(2, 3);  // [D, B, H * W, C]
  auto maps = torch::matmul(planes[0], occlusion_taps_[0]);
  for (int64_t d = 1; d < planes.size(0); ++d)
    maps.baddbmm_(planes[d], occlusion_taps_[d].expand({maps.size(0), -1, -1}));
  const int64_t margin = kHeadKernel / 2;
  return torch::col2im(maps.transpose(1, 2).contiguous(), {height, width}, {kHeadKernel, kHeadKernel}, {1, 1},
                       {margin, margin}, {1, 1}) +
         occlusion->bias;
}

void DenseMotionNetworkImpl::deform_plainly(DenseMotion3d& out, const torch::Tensor& feature,
                                            const torch::Tensor& kp_driving, const torch::Tensor& kp_source) {
  out.compressed = core::nn::normalise_relu(norm, compress->forward(feature));
  const auto grid = core::coordinate_grid_3d(feature.size(2), feature.size(3), feature.size(4), kp_driving.options());
  const auto motions = sparse_motions(grid, kp_driving, kp_source);
  const auto deformed = deform(out.compressed.to(torch::kFloat), motions);
  const auto difference = core::keypoints_to_gaussian_3d(kp_driving, grid, kKeypointVariance) -
                          core::keypoints_to_gaussian_3d(kp_source, grid, kKeypointVariance);
  const auto heatmaps = torch::cat({torch::zeros_like(difference.narrow(1, 0, 1)), difference}, 1).unsqueeze(2);
  // Channel order is interleaved per local motion, heatmap first.
  out.local_maps = torch::cat({heatmaps, deformed}, 2).flatten(1, 2);
  paint_masks(out);
  out.deformation = (out.mask.unsqueeze(-1) * motions).sum(1);
}

void DenseMotionNetworkImpl::deform_fast(DenseMotion3d& out, const torch::Tensor& feature,
                                         const torch::Tensor& kp_driving, const torch::Tensor& kp_source) {
  out.compressed = core::nn::normalise_relu(norm, core::nn::convolve_pixels(feature, compress->weight, compress->bias));
  const auto volumes = out.compressed.movedim(1, -1).contiguous();  // [B, D, H, W, C]
  const auto driving = kp_driving.contiguous();
  const auto source = kp_source.contiguous();
  const int64_t motions = source.size(1) + 1;
  auto maps = torch::empty(
      {volumes.size(0), volumes.size(1), volumes.size(2), volumes.size(3), motions * (1 + volumes.size(4))});
  for (int64_t i = 0; i < volumes.size(0); ++i) {
    const LocalMotions local{volumes[i].data_ptr<float>(),
                             volumes.size(1),
                             volumes.size(2),
                             volumes.size(3),
                             volumes.size(4),
                             driving[i].data_ptr<float>(),
                             source[i].data_ptr<float>(),
                             motions - 1,
                             kKeypointVariance};
    make_local_motion_maps(local, at::get_num_threads(), maps[i].data_ptr<float>());
  }
  out.local_maps = maps.movedim(-1, 1);
  paint_masks(out);
  // The masks add up to 1: their mixture of z + shift is z and their mixture of the shifts.
  const auto shifts = torch::cat({torch::zeros({source.size(0), 1, 3}), source - driving}, 1);
  const auto grid = core::coordinate_grid_3d(feature.size(2), feature.size(3), feature.size(4), kp_driving.options());
  out.deformation = torch::matmul(out.mask.movedim(1, -1).flatten(1, 3), shifts)
                        .view({-1, grid.size(0), grid.size(1), grid.size(2), 3}) +
                    grid;
}

void DenseMotionNetworkImpl::paint_masks(DenseMotion3d& out) {
  out.hourglass = hourglass->forward(out.local_maps.to(compress->weight.scalar_type()));
  if (fast_mask_) {
    const auto logits = fast_mask_->forward(out.hourglass).to(torch::kFloat);
    out.mask = torch::softmax(logits.movedim(1, -1), -1).movedim(-1, 1);
  } else {
    out.mask = torch::softmax(mask->forward(out.hourglass).to(torch::kFloat), 1);
  }
  if (!occlusion.is_empty()) out.occlusion_map = torch::sigmoid(occlusion_logits(out.hourglass));
}

DenseMotion3d DenseMotionNetworkImpl::forward(const torch::Tensor& feature, const torch::Tensor& kp_driving,
                                              const torch::Tensor& kp_source) {
  DenseMotion3d out;
  if (fast_mask_ && is_plain_float(feature)) {
    deform_fast(out, feature, kp_driving, kp_source);
  } else {
    deform_plainly(out, feature, kp_driving, kp_source);
  }
  return out;
}

WarpingNetworkImpl::WarpingNetworkImpl(const WarpingConfig& config) {
  dense_motion_network = register_module("dense_motion_network", DenseMotionNetwork(config));
  const int64_t width = config.block_expansion << config.num_down_blocks;
  third = register_module("third", core::nn::SameBlock2d(config.max_features, width, 3, kLeakySlope));
  fourth = register_module("fourth", torch::nn::Conv2d(torch::nn::Conv2dOptions(width, width, 1)));
}

Warped WarpingNetworkImpl::forward(const torch::Tensor& feature, const torch::Tensor& kp_driving,
                                   const torch::Tensor& kp_source) {
  Warped out;
  out.motion = dense_motion_network->forward(feature, kp_driving, kp_source);
  out.warped_volume = core::sample_trilinear(feature.to(torch::kFloat), out.motion.deformation);
  const auto flat = third->forward(out.warped_volume.flatten(1, 2).to(feature.scalar_type()));
  out.feature_map = fast_ ? core::nn::convolve_pixels(flat, fourth->weight, fourth->bias) : fourth->forward(flat);
  if (out.motion.occlusion_map.defined()) out.feature_map = out.feature_map * out.motion.occlusion_map;
  return out;
}

}  // namespace animate::models::liveportrait
