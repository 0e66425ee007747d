#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "core/graphed_call.h"
#include "core/memory_limit.h"
#include "core/precision.h"
#include "core/warm_up.h"
#include "models/liveportrait/networks.h"
#include "models/registry.h"
#include "motion/face_motion.h"
#include "motion/transfer_options.h"

namespace animate::models::liveportrait {

// LivePortrait (Guo et al., 2024) for inference. Beside the three verbs of every DrivenModel it offers its own, typed
// ones, which a portrait job uses: a whole clip's motion is known before the first frame is painted. Immutable and
// thread-safe, as every DrivenModel.
class LivePortraitModel : public DrivenModel {
 public:
  // Networks see crops of this many pixels.
  static constexpr int64_t kFrameSize = 256;

  static bool matches(const ModelFiles& files);
  static std::shared_ptr<const LivePortraitModel> load(const ModelFiles& files, const AnimateOptions& options);

  // `reload` makes the networks anew, in float, for frames that half precision cannot paint; it may be empty when
  // the type is float. `precision` is that of F, W and G; M and all coordinates stay in float. `recorder` records the
  // networks for replay; empty: they are just run.
  LivePortraitModel(std::string name, Config config, Networks networks, catalog::FaceModelFiles faces,
                    torch::Device device, const core::Precision& precision = {}, std::function<Networks()> reload = {},
                    const core::cuda::GraphRecorder& recorder = {});

  // A face crop [1, 3, 256, 256] in [0, 1] -> its motion; and of B crops at once.
  motion::FaceMotion motion_of(const torch::Tensor& crop) const;
  std::vector<motion::FaceMotion> motions_of(const torch::Tensor& crops) const;
  // B such crops -> their appearance volumes, [B, ...], float.
  torch::Tensor appearance_of(const torch::Tensor& crops) const;
  // Paints the appearance, whose own keypoints are `source`, at the keypoints `driving` -> [1, 3, S, S] in [0, 1],
  // float, with S = output_size(). [K] points each.
  torch::Tensor paint(const torch::Tensor& appearance, const Points3& driving, const Points3& source) const;
  // The same for B frames at once -> [B, 3, S, S]: one appearance for all or one each, a list of points each.
  torch::Tensor paint_batch(const torch::Tensor& appearance, std::span<const Points3> driving,
                            std::span<const Points3> source) const;

  // Does once, with blank frames, what a clip in batches of `batch` frames does, until everything is recorded.
  void warm_up(int64_t batch) const;

  int64_t output_size() const { return config_.output_side(kFrameSize); }
  const motion::Retargeter* retargeter() const { return networks_.retargeting.get(); }
  const catalog::FaceModelFiles& faces() const { return faces_; }
  // For measurements.
  const Networks& networks() const { return networks_; }
  torch::ScalarType type() const { return precision_.type; }

  const ModelInfo& info() const override { return info_; }
  torch::Device device() const override { return device_; }
  std::unique_ptr<const Source> encode_source(const Crop& source) const override;
  motion::Motion extract_motion(const Crop& driving) const override;
  std::vector<motion::Motion> extract_motions(const Crop& driving) const override;
  torch::Tensor render(const Source& source, const motion::Motion& driving, const motion::Motion& reference,
                       const MotionOptions& options) const override;
  torch::Tensor render_batch(const Source& source, std::span<const motion::Motion> driving,
                             const motion::Motion& reference, const MotionOptions& options) const override;
  double pose_distance(const Source& source, const motion::Motion& driving) const override;
  std::vector<Point> keypoints(const motion::Motion& motion) const override;
  std::vector<Point> source_keypoints(const Source& source) const override;
  std::vector<Point> applied_keypoints(const Source& source, const motion::Motion& driving,
                                       const motion::Motion& reference, const MotionOptions& options) const override;

 private:
  // Tensors alone, nothing that waits for the device. Inputs: appearance, driving points, source points.
  static torch::Tensor paint_with(const Networks& networks, torch::ScalarType type,
                                  const core::GraphedCall::Tensors& inputs);
  const Networks& full_precision() const;
  void repaint_broken(torch::Tensor& frames, const core::GraphedCall::Tensors& inputs) const;
  Points3 applied(const Source& source, const motion::Motion& driving, const motion::Motion& reference,
                  const MotionOptions& options) const;

  ModelInfo info_;
  Config config_;
  Networks networks_;
  catalog::FaceModelFiles faces_;
  torch::Device device_;
  core::Precision precision_;
  motion::TransferOptions transfer_;
  std::function<Networks()> reload_;
  core::GraphedCall extract_;
  core::GraphedCall paint_;
  core::MemoryLimit limit_;
  mutable std::once_flag reloaded_once_;
  mutable std::unique_ptr<Networks> reloaded_;
  core::WarmUp warm_up_;  // ends before the rest goes
};

// Which of the painted frames [B, 3, H, W] show that their arithmetic failed: NaN or infinite values, or nothing but
// black. Waits for the device.
std::vector<bool> broken_frames(const torch::Tensor& frames);

}  // namespace animate::models::liveportrait
