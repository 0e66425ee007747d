#pragma once

#include "models/registry.h"

namespace animate::models {

// The null member of the family list: its motion is the driving picture itself, and rendering echoes it. It has no
// weights. Test double for everything around the networks, and the worked example for a new family.
class IdentityModel : public DrivenModel {
 public:
  static constexpr int64_t kFrameSize = 64;

  static bool matches(const ModelFiles& files) { return !files.weights && files.name == "identity"; }
  static std::shared_ptr<const DrivenModel> load(const ModelFiles& files, const AnimateOptions& options);

  const ModelInfo& info() const override { return info_; }
  torch::Device device() const override { return torch::kCPU; }
  std::unique_ptr<const Source> encode_source(const Crop& source) const override;
  motion::Motion extract_motion(const Crop& driving) const override;
  torch::Tensor render(const Source& source, const motion::Motion& driving, const motion::Motion& reference,
                       const MotionOptions& options) const override;
  double pose_distance(const Source& source, const motion::Motion& driving) const override;
  std::vector<Point> keypoints(const motion::Motion&) const override { return {}; }
  std::vector<Point> source_keypoints(const Source&) const override { return {}; }
  std::vector<Point> applied_keypoints(const Source&, const motion::Motion&, const motion::Motion&,
                                       const MotionOptions&) const override {
    return {};
  }

 private:
  ModelInfo info_{"identity", "identity", kFrameSize, kFrameSize, 0};
};

}  // namespace animate::models
