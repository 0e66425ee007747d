#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include <memory>
#include <vector>

#include "models/liveportrait/config.h"
#include "motion/retargeter.h"

namespace animate::models::liveportrait {

// Linear layers with ReLU between them (models/liveportrait/README.md#stitching-and-retargeting-networks), named mlp.0,
// mlp.2, …
// [B, input_size] -> [B, output_size]
struct MlpImpl : torch::nn::Module {
  explicit MlpImpl(const MlpConfig& config);
  torch::Tensor forward(const torch::Tensor& x);

  std::vector<torch::nn::Linear> layers;
};

// The stitching, eye and lip networks. They always run on the CPU in float: one row through a few thousand weights
// is cheaper than a round trip to any device.
class RetargetingNetworks : public motion::Retargeter {
 public:
  explicit RetargetingNetworks(const Config& config);

  Points3 stitch(const Points3& source, const Points3& driving) const override;
  Points3 eye_delta(const Points3& source, const std::array<float, 3>& ratios) const override;
  Points3 lip_delta(const Points3& source, const std::array<float, 2>& ratios) const override;

  std::shared_ptr<MlpImpl> stitching, eye, lip;
};

}  // namespace animate::models::liveportrait
