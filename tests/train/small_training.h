#pragma once

#include <torch/utils.h>

#include <string>

#include "support/catch.h"
#include "train/training_model.h"

namespace animate::test {

// A FOMM small enough to train in milliseconds, with everything switched on.
inline const std::string& small_yaml() {
  static const std::string text = R"(
dataset_params:
  root_dir: data/tiny
  frame_shape: [64, 64, 3]
  augmentation_params:
    flip_param: {horizontal_flip: true, time_flip: true}
    jitter_param: {hue: 0.5}
model_params:
  common_params: {num_kp: 3, num_channels: 3, estimate_jacobian: true}
  kp_detector_params: {temperature: 0.1, block_expansion: 4, max_features: 8, scale_factor: 0.25, num_blocks: 2}
  generator_params:
    block_expansion: 4
    max_features: 8
    num_down_blocks: 1
    num_bottleneck_blocks: 1
    estimate_occlusion_map: true
    dense_motion_params: {block_expansion: 4, max_features: 8, num_blocks: 2, scale_factor: 0.25}
  discriminator_params: {scales: [1], block_expansion: 4, max_features: 8, num_blocks: 2, sn: true}
train_params:
  num_epochs: 4
  num_repeats: 2
  epoch_milestones: [2, 3]
  lr_generator: 2.0e-3
  lr_discriminator: 2.0e-3
  lr_kp_detector: 2.0e-3
  batch_size: 2
  scales: [1, 0.5]
  checkpoint_freq: 2
  transform_params: {sigma_affine: 0.05, sigma_tps: 0.005, points_tps: 5}
  loss_weights:
    generator_gan: 1
    discriminator_gan: 1
    feature_matching: [10, 10]
    perceptual: [10, 10, 10, 10, 10]
    equivariance_value: 10
    equivariance_jacobian: 10
)";
  return text;
}

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

struct SmallTraining {
  explicit SmallTraining(uint64_t seed, const std::string& yaml = small_yaml())
      : model(models::fomm::Config::parse(yaml, "c.yaml")), config(train::TrainConfig::parse(yaml, "c.yaml", model)) {
    torch::manual_seed(seed);
  }
  train::TrainingModel make() const { return {model, config, train::TrainingNetworks(model, config)}; }

  models::fomm::Config model;
  train::TrainConfig config;
};

inline train::TrainingBatch random_batch(torch::Generator& random) {
  const auto frames = torch::rand({2, 2, 3, 64, 64}, random);
  return {frames[0], frames[1], {}, {}};
}

}  // namespace animate::test
