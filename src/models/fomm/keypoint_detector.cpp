#include "models/fomm/keypoint_detector.h"

#include "core/heatmap.h"

namespace animate::models::fomm {

KeypointDetectorImpl::KeypointDetectorImpl(const Config& config)
    : temperature_(config.kp_detector.temperature),
      num_kp_(config.num_kp),
      jacobian_stride_(config.kp_detector.jacobian_stride),
      grid_(config.grid) {
  const KeypointDetectorConfig& c = config.kp_detector;
  const core::nn::HourglassOptions hourglass{config.num_channels, c.block_expansion, c.num_blocks, c.max_features};
  predictor = register_module("predictor", core::nn::Hourglass(hourglass));
  const auto head = [&](int64_t maps) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(hourglass.out_channels(), maps, 7).padding(c.pad));
  };
  kp = register_module("kp", head(num_kp_));
  if (config.estimate_jacobian) {
    jacobian = register_module("jacobian", head(4 * (c.single_jacobian_map ? 1 : num_kp_)));
    // A new detector starts from identity frames (models/fomm/README.md#jacobians).
    const torch::NoGradGuard no_grad;
    jacobian->weight.zero_();
    jacobian->bias.copy_(torch::tensor({1.F, 0.F, 0.F, 1.F}).repeat({jacobian->bias.size(0) / 4}));
  }
  if (c.scale_factor != 1) {
    down = register_module("down", core::nn::AntiAliasInterpolation2d(config.num_channels, c.scale_factor));
  }
}

KeypointDetectorImpl::Output KeypointDetectorImpl::detect(const torch::Tensor& image) {
  Output out;
  out.feature_map = predictor->forward(down.is_empty() ? image : down->forward(image));
  const auto logits = kp->forward(out.feature_map) / temperature_;
  out.logits = logits;
  const int64_t batch = logits.size(0);
  const int64_t positions = logits.size(2) * logits.size(3);
  const auto weights = torch::softmax(logits.reshape({batch, num_kp_, positions}), 2);
  out.heatmap = weights.view(logits.sizes());
  out.keypoints.value = core::gaussian_to_keypoints(out.heatmap, grid_);
  if (!jacobian.is_empty()) {
    out.keypoints.jacobian = local_frames(out);
  }
  return out;
}

// Expected local frame under each heatmap: a matrix product instead of a [B, K, 4, h, w] intermediate.
torch::Tensor KeypointDetectorImpl::local_frames(const Output& out) {
  auto features = out.feature_map;
  auto heatmap = out.heatmap;
  if (jacobian_stride_ > 1) {
    features = torch::avg_pool2d(features, jacobian_stride_);
    heatmap = torch::avg_pool2d(heatmap, jacobian_stride_) * (jacobian_stride_ * jacobian_stride_);
  }
  const int64_t batch = heatmap.size(0);
  const int64_t positions = heatmap.size(2) * heatmap.size(3);
  const auto maps = jacobian->forward(features).reshape({batch, -1, 4, positions});
  const auto weights = heatmap.reshape({batch, num_kp_, positions, 1});
  return torch::matmul(maps.expand({batch, num_kp_, 4, positions}), weights).view({batch, num_kp_, 2, 2});
}

}  // namespace animate::models::fomm
