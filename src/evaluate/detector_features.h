#pragma once

#include <torch/types.h>

#include <memory>
#include <string>

#include "models/fomm/keypoint_detector.h"

namespace animate::evaluate {

// What Fréchet distances of faces are measured with here: the feature maps of the keypoint detector of the drawn-heads
// model that ships, each by its mean and its deviation over the picture. No download is needed, and no codec was ever
// trained with it. Such distances are called "Fréchet (detector)": they compare with each other and with nothing that
// is published under the name FID, whose features are Inception's (models/autoencoder/README.md#frechet).
// Const and safe to use from several threads.
class DetectorFeatures {
 public:
  // nullptr, with the reason in `why_not`, where the model that ships is not there or not a FOMM.
  static std::unique_ptr<DetectorFeatures> find(const torch::Device& device, std::string& why_not);

  DetectorFeatures(std::shared_ptr<models::fomm::KeypointDetectorImpl> detector, int64_t side,
                   const torch::Device& device);

  // Pictures [B, 3, S, S] in [0, 1] of any size and device -> [B, F] on the CPU.
  torch::Tensor of(const torch::Tensor& pictures) const;

 private:
  std::shared_ptr<models::fomm::KeypointDetectorImpl> detector_;  // in eval mode: forward() changes nothing
  int64_t side_;
  torch::Device device_;
};

}  // namespace animate::evaluate
