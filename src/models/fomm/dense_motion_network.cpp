#include "models/fomm/dense_motion_network.h"

#include "core/autocast.h"
#include "core/heatmap.h"
#include "core/matrix2.h"

namespace animate::models::fomm {
namespace {

// T_k(z) = J_k (z - driving_k) + source_k with J_k = J_source J_driving^-1, and T_0(z) = z for the background.
// -> [B, K + 1, h, w, 2]
torch::Tensor sparse_motions(int64_t height, int64_t width, const Keypoints& driving, const Keypoints& source,
                             core::GridEnds ends) {
  const int64_t batch = driving.value.size(0);
  const int64_t num_kp = driving.value.size(1);
  const core::Autocast full_precision(driving.value.device(), false);  // coordinates need more than 8 bits
  const auto identity =
      core::coordinate_grid(height, width, driving.value.options(), ends).view({1, 1, height, width, 2});
  auto motion = identity - driving.value.view({batch, num_kp, 1, 1, 2});
  if (driving.jacobian.defined()) {
    const auto frames = torch::matmul(source.jacobian, core::inverse_2x2(driving.jacobian));
    // z as rows: z J^T over all positions at once.
    motion = torch::matmul(motion.view({batch, num_kp, height * width, 2}), frames.transpose(2, 3))
                 .view({batch, num_kp, height, width, 2});
  }
  motion = motion + source.value.view({-1, num_kp, 1, 1, 2});
  return torch::cat({identity.expand({batch, 1, height, width, 2}), motion}, 1);
}

// -> [B, K + 1, 1, h, w]; the background's map is zero.
torch::Tensor heatmap_difference(int64_t height, int64_t width, double variance, const Keypoints& driving,
                                 const Keypoints& source, core::GridEnds ends) {
  const auto difference = core::keypoints_to_gaussian(driving.value, height, width, variance, ends) -
                          core::keypoints_to_gaussian(source.value, height, width, variance, ends);
  const auto background = torch::zeros({difference.size(0), 1, height, width}, difference.options());
  return torch::cat({background, difference}, 1).unsqueeze(2);
}

// Samples the source once per local motion. -> [B, K + 1, C, h, w]
torch::Tensor deform(const torch::Tensor& source, const torch::Tensor& motions, core::AlignCorners align,
                     core::Padding padding) {
  const int64_t batch = motions.size(0);
  const int64_t count = motions.size(1);
  const auto repeated = source.unsqueeze(1).expand({batch, count, -1, -1, -1}).flatten(0, 1);
  const auto sampled = core::sample_bilinear(repeated, motions.flatten(0, 1), align, padding);
  return sampled.view({batch, count, source.size(1), source.size(2), source.size(3)});
}

}  // namespace

DenseMotionNetworkImpl::DenseMotionNetworkImpl(const Config& config)
    : kp_variance_(config.generator.dense_motion.kp_variance), grid_(config.grid), padding_(config.generator.padding) {
  const DenseMotionConfig& c = config.generator.dense_motion;
  const int64_t in = (config.num_kp + 1) * (config.num_channels + 1);
  const core::nn::HourglassOptions options{in, c.block_expansion, c.num_blocks, c.max_features};
  hourglass = register_module("hourglass", core::nn::Hourglass(options));
  const auto head = [&](int64_t maps) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(options.out_channels(), maps, 7).padding(3));
  };
  mask = register_module("mask", head(config.num_kp + 1));
  if (config.generator.estimate_occlusion_map) occlusion = register_module("occlusion", head(1));
  if (c.scale_factor != 1) {
    down = register_module("down", core::nn::AntiAliasInterpolation2d(config.num_channels, c.scale_factor));
  }
}

torch::Tensor DenseMotionNetworkImpl::shrink(const torch::Tensor& image) {
  return down.is_empty() ? image : down->forward(image);
}

void DenseMotionNetworkImpl::use_fast_convolutions(core::nn::ConvMode mode) {
  const auto [weight, bias] = joined_heads();
  fast_heads_ =
      std::make_shared<const core::nn::FastConvolution>(weight, bias, core::nn::FastConvolution::Form{}, mode);
}

// The occlusion map's one channel rides along with the mask's: convolutions work on sixteen at once.
std::pair<torch::Tensor, torch::Tensor> DenseMotionNetworkImpl::joined_heads() {
  if (occlusion.is_empty()) return {mask->weight, mask->bias};
  return {torch::cat({mask->weight, occlusion->weight}), torch::cat({mask->bias, occlusion->bias})};
}

torch::Tensor DenseMotionNetworkImpl::heads(const torch::Tensor& features) {
  if (fast_heads_) return fast_heads_->forward(features);
  const auto [weight, bias] = joined_heads();
  return torch::conv2d(features, weight, bias, 1, 3);
}

DenseMotion DenseMotionNetworkImpl::forward(const torch::Tensor& small_source, const Keypoints& driving,
                                            const Keypoints& source, core::AlignCorners align) {
  const int64_t height = small_source.size(2);
  const int64_t width = small_source.size(3);
  DenseMotion out;
  out.heatmap_diff = heatmap_difference(height, width, kp_variance_, driving, source, grid_);
  out.sparse_motion = sparse_motions(height, width, driving, source, grid_);
  out.sparse_deformed = deform(small_source, out.sparse_motion, align, padding_);
  // Channel order is interleaved per local motion, heatmap first (models/fomm/README.md#channel-order).
  out.hourglass = hourglass->forward(torch::cat({out.heatmap_diff, out.sparse_deformed}, 2).flatten(1, 2));
  auto logits = heads(out.hourglass);
  if (!occlusion.is_empty()) {
    out.occlusion_map = torch::sigmoid(logits.narrow(1, mask->options.out_channels(), 1));
    logits = logits.narrow(1, 0, mask->options.out_channels());
  }
  out.mask = torch::softmax(logits, 1);
  out.deformation = (out.mask.unsqueeze(-1) * out.sparse_motion).sum(1);
  return out;
}

}  // namespace animate::models::fomm
