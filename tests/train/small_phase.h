#pragma once

#include <fstream>

#include "support/temp_dir.h"
#include "train/head_tasks.h"
#include "train/small_training.h"

namespace animate::test {

// A model small enough for drawn heads in a test, with what the phases need. PHASE and WEIGHTS are filled in.
inline std::string phase_yaml(const std::string& phase, const std::string& keys, const std::string& weights) {
  return R"(
dataset_params:
  frame_shape: [32, 32, 3]
model_params:
  common_params: {num_kp: 12, num_channels: 3, estimate_jacobian: true, grid: edges}
  kp_detector_params: {temperature: 0.1, block_expansion: 4, max_features: 8, scale_factor: 0.5, num_blocks: 2, pad: 3, jacobian_stride: 2}
  generator_params:
    block_expansion: 4
    max_features: 8
    num_down_blocks: 1
    num_bottleneck_blocks: 1
    estimate_occlusion_map: true
    skips: true
    padding: border
    dense_motion_params: {block_expansion: 4, max_features: 8, num_blocks: 2, scale_factor: 0.5}
train_params:
  phase: )" +
         phase +
         R"(
  num_epochs: 1
  epoch_milestones: []
  lr_generator: 5.0e-3
  lr_discriminator: 0
  lr_kp_detector: 5.0e-3
  batch_size: 2
  max_gradient_norm: 10
  heads_expressions: lively
  validate_heads: 3
  scales: [1, 0.5]
)" + keys +
         "  loss_weights: {" + weights + "}\n";
}

inline std::string phase_yaml(const std::string& phase) {
  if (phase == "detector") {
    return phase_yaml(phase, "", "keypoint_supervision: 10, keypoint_supervision_jacobian: 1, keypoint_heatmap: 0.5");
  }
  if (phase == "motion") return phase_yaml(phase, "  detected_share: 0.5\n", "flow: 10, occlusion: 1");
  if (phase == "generator") return phase_yaml(phase, "", "structural: [10, 10, 1], keypoint_focus: 20");
  return phase_yaml(phase, "  transfer_share: 0.5\n",
                    "structural: [10, 10, 1], keypoint_focus: 20, keypoint_supervision: 10, flow: 5, occlusion: 1");
}

// The config as a file, and a job for it.
struct SmallPhase {
  explicit SmallPhase(const std::string& yaml, const std::string& output = "run")
      : model(models::fomm::Config::parse(yaml, "c.yaml")), config(train::TrainConfig::parse(yaml, "c.yaml", model)) {
    std::ofstream(folder / "c.yaml") << yaml;
    job.config = folder / "c.yaml";
    job.output = folder / output;
    job.options.sheet_every = 0;
    job.options.log_every = 1;
    job.options.runtime.device.kind = DeviceChoice::Kind::Cpu;
  }

  std::unique_ptr<train::TrainingTask> task() const { return train::make_head_task(job, model, config); }

  TempDir folder;
  models::fomm::Config model;
  train::TrainConfig config;
  TrainJob job;
};

}  // namespace animate::test
