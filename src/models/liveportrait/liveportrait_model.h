#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "models/liveportrait/networks.h"
#include "models/registry.h"
#include "motion/face_motion.h"
#include "motion/transfer_options.h"

namespace animate::liveportrait {

// LivePortrait (Guo et al., 2024) for inference. Beside the three verbs of every Model it offers its own, typed ones,
// which a portrait job uses: a whole clip's motion is known before the first frame is painted.
// Immutable and thread-safe, as every Model.
class LivePortraitModel : public Model {
 public:
  // Networks see crops of this many pixels.
  static constexpr int64_t kFrameSize = 256;

  static bool matches(const ModelFiles& files);
  static std::shared_ptr<const Model> load(const ModelFiles& files, const AnimateOptions& options);

  // `reload` makes the networks anew, in float, for frames that half precision cannot paint; it may be empty when
  // `type` is float. `type` is the element type of F, W and G; M and all coordinates stay in float.
  LivePortraitModel(std::string name, Config config, Networks networks, FaceModelFiles faces, torch::Device device,
                    torch::ScalarType type = torch::kFloat, std::function<Networks()> reload = {});

  // A face crop [1, 3, 256, 256] in [0, 1] -> its motion.
  FaceMotion motion_of(const torch::Tensor& crop) const;
  // The same crop -> its appearance volume, float.
  torch::Tensor appearance_of(const torch::Tensor& crop) const;
  // Paints the appearance, whose own keypoints are `source`, at the keypoints `driving` -> [1, 3, S, S] in [0, 1],
  // float, with S = output_size(). [K] points each.
  torch::Tensor paint(const torch::Tensor& appearance, const Points3& driving, const Points3& source) const;

  int64_t output_size() const { return config_.output_side(kFrameSize); }
  const Retargeter* retargeter() const { return networks_.retargeting.get(); }
  const FaceModelFiles& faces() const { return faces_; }
  // For measurements.
  const Networks& networks() const { return networks_; }
  torch::ScalarType type() const { return type_; }

  const ModelInfo& info() const override { return info_; }
  torch::Device device() const override { return device_; }
  std::unique_ptr<const Source> encode_source(const Crop& source) const override;
  Motion extract_motion(const Crop& driving) const override;
  torch::Tensor render(const Source& source, const Motion& driving, const Motion& reference,
                       const MotionOptions& options) const override;
  double pose_distance(const Source& source, const Motion& driving) const override;
  std::vector<Point> keypoints(const Motion& motion) const override;
  std::vector<Point> source_keypoints(const Source& source) const override;
  std::vector<Point> applied_keypoints(const Source& source, const Motion& driving, const Motion& reference,
                                       const MotionOptions& options) const override;

 private:
  torch::Tensor paint_with(const Networks& networks, torch::ScalarType type, const torch::Tensor& appearance,
                           const Points3& driving, const Points3& source) const;
  const Networks& full_precision() const;
  Points3 applied(const Source& source, const Motion& driving, const Motion& reference,
                  const MotionOptions& options) const;

  ModelInfo info_;
  Config config_;
  Networks networks_;
  FaceModelFiles faces_;
  torch::Device device_;
  torch::ScalarType type_;
  TransferOptions transfer_;
  std::function<Networks()> reload_;
  mutable std::once_flag reloaded_once_;
  mutable std::unique_ptr<Networks> reloaded_;
};

// Whether a painted frame shows that its arithmetic failed: NaN or infinite values, or nothing but black.
bool looks_broken(const torch::Tensor& frame);

}  // namespace animate::liveportrait
