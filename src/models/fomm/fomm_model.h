#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/graphed_call.h"
#include "core/memory_limit.h"
#include "core/precision.h"
#include "core/warm_up.h"
#include "models/fomm/config.h"
#include "models/fomm/keypoint_detector.h"
#include "models/fomm/occlusion_aware_generator.h"
#include "models/registry.h"

namespace animate::models::fomm {

// The two networks of a FOMM, loaded or with random weights. shared_ptr to the implementations, because LibTorch's
// holders pass their constness on while forward() is non-const by convention.
struct Networks {
  std::shared_ptr<KeypointDetectorImpl> detector;
  std::shared_ptr<OcclusionAwareGeneratorImpl> generator;

  // Fresh networks in eval mode with LibTorch's random initialisation.
  explicit Networks(const Config& config);
  // Fills both from the scopes kp_detector and generator; see load_state().
  void load(const checkpoint::Checkpoint& weights);
  // Merges batch normalisation into convolutions wherever that is exact.
  void fold();
  // For the CPU and after fold().
  void use_fast_convolutions(core::nn::ConvMode mode);
  int64_t parameters() const;
};

// The config that belongs to a checkpoint: from the file given, from the metadata, or told from the shapes.
// Warnings are logged.
Config find_config(const ModelFiles& files);

// For `animate convert`: both networks with their config and grid convention.
PackedModel pack(const ModelFiles& files);

// First Order Motion Model (Siarohin et al., NeurIPS 2019) for inference: batch normalisation folded, the source
// encoded once. Immutable and thread-safe, as every DrivenModel.
class FommModel : public DrivenModel {
 public:
  static bool matches(const ModelFiles& files);
  static std::shared_ptr<const DrivenModel> load(const ModelFiles& files, const AnimateOptions& options);

  // `precision` is the generator's; the detector and all coordinates stay in float. `recorder` records the networks
  // for replay; empty: they are just run.
  FommModel(std::string name, Config config, Networks networks, core::AlignCorners align, torch::Device device,
            const core::Precision& precision = {}, const core::cuda::GraphRecorder& recorder = {});
  FommModel(std::string name, Config config, Networks networks, core::AlignCorners align, torch::Device device,
            bool half)
      : FommModel(std::move(name), std::move(config), std::move(networks), align, device,
                  half ? torch::kHalf : torch::kFloat) {}

  const ModelInfo& info() const override { return info_; }
  torch::Device device() const override { return device_; }
  std::unique_ptr<const Source> encode_source(const Crop& source) const override;
  motion::Motion extract_motion(const Crop& driving) const override;
  torch::Tensor render(const Source& source, const motion::Motion& driving, const motion::Motion& reference,
                       const MotionOptions& options) const override;
  std::vector<motion::Motion> extract_motions(const Crop& driving) const override;
  torch::Tensor render_batch(const Source& source, std::span<const motion::Motion> driving,
                             const motion::Motion& reference, const MotionOptions& options) const override;
  double pose_distance(const Source& source, const motion::Motion& driving) const override;
  std::vector<Point> keypoints(const motion::Motion& motion) const override;
  std::vector<Point> source_keypoints(const Source& source) const override;
  std::vector<Point> applied_keypoints(const Source& source, const motion::Motion& driving,
                                       const motion::Motion& reference, const MotionOptions& options) const override;

  // Does once, with blank frames, what a clip in batches of `batch` frames does, until everything is recorded.
  void warm_up(int64_t batch) const;

  // For measurements: the networks as they run, and the element type of the generator.
  const Networks& networks() const { return networks_; }
  torch::ScalarType generator_type() const { return precision_.type; }

 private:
  torch::Tensor prepare(const torch::Tensor& image) const;
  // What is recorded: tensors alone, nothing that waits for the device.
  core::GraphedCall::Tensors detect(const core::GraphedCall::Tensors& image) const;
  core::GraphedCall::Tensors paint(const core::GraphedCall::Tensors& inputs) const;
  Keypoints typed(std::span<const motion::Motion> motions) const;
  Keypoints transferred(const Source& source, std::span<const motion::Motion> driving, const motion::Motion& reference,
                        const MotionOptions& options) const;

  ModelInfo info_;
  Config config_;
  Networks networks_;
  core::AlignCorners align_;
  torch::Device device_;
  core::Precision precision_;
  core::GraphedCall detect_;
  core::GraphedCall paint_;
  core::MemoryLimit limit_;
  core::WarmUp warm_up_;  // ends before the rest goes
};

}  // namespace animate::models::fomm
