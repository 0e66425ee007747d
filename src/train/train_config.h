#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/fomm/config.h"

namespace animate::train {

// One level of an image pyramid. Its published name is the scale as Python writes it: "1", "0.5"
// (models/fomm/README.md#scale-names); the name decides which level a discriminator sees and what it is called in a
// checkpoint.
struct Scale {
  std::string name;
  double value = 1;  // (0, 1]

  bool operator==(const Scale&) const = default;
};

// dataset_params.augmentation_params (models/fomm/README.md#augmentation); what is absent is off.
struct AugmentationConfig {
  bool horizontal_flip = false;
  bool time_flip = false;
  std::optional<std::pair<double, double>> rotation_degrees;  // drawn uniformly between the two
  std::optional<std::pair<double, double>> resize_ratio;
  bool resize_bilinear = false;                          // false: nearest
  std::optional<std::pair<int64_t, int64_t>> crop_size;  // height, width
  bool jitter = false;                                   // frames pass through 8 bits, even with amounts of 0
  double brightness = 0, contrast = 0, saturation = 0, hue = 0;
};

struct DatasetConfig {
  std::string root_dir;
  bool id_sampling = false;
  std::string pairs_list;  // empty: random pairs
  int64_t random_seed = 0;
  AugmentationConfig augmentation;
};

// model_params.discriminator_params (models/fomm/README.md#discriminator).
struct DiscriminatorConfig {
  std::vector<Scale> scales;  // empty: there is no discriminator
  int64_t block_expansion = 64;
  int64_t num_blocks = 4;
  int64_t max_features = 512;
  bool spectral_norm = false;
  bool use_kp = false;
  double kp_variance = 0.01;
};

// train_params.transform_params (models/fomm/README.md#transforms).
struct TransformConfig {
  double sigma_affine = 0;
  double sigma_tps = 0;
  int64_t points_tps = 0;  // 0: affine only
};

// Ours, train_params.phase: which part of the model a run trains, with the renderer's own truth about drawn heads
// (head_tasks.h). Whole is the paper's way, all networks at once, and what a config without the key means.
enum class Phase { Whole, Detector, Motion, Generator, Together };
const char* word_of(Phase phase);

// train_params.loss_weights; 0 switches a term off. `structural`, all of `keypoint_`, `flow` and `occlusion` are ours.
struct LossWeights {
  double generator_gan = 0;
  double discriminator_gan = 1;
  std::vector<double> feature_matching;             // one a block of the discriminator
  std::array<double, 5> perceptual{};               // one a layer of VGG-19
  std::optional<std::array<double, 3>> structural;  // L1, gradient, structure; absent: in place of a missing VGG-19
  double equivariance_value = 0;
  double equivariance_jacobian = 0;
  double keypoint_focus = 0;                 // L1 near the true keypoints of the driving frame
  double keypoint_supervision = 0;           // against ground truth: positions
  double keypoint_supervision_jacobian = 0;  // and local frames; absent: as much as positions
  // Only in phases: the detector's heatmaps against a small bump at the true place; how far the lids of an eye and the
  // lips are apart; the motion field against the true one where the source shows the place; the occlusion map against
  // what it shows.
  double keypoint_heatmap = 0;
  double keypoint_distance = 0;
  double flow = 0;
  double occlusion = 0;

  bool has_equivariance() const { return equivariance_value + equivariance_jacobian != 0; }
};

// Everything of a published YAML config that training needs beside the networks themselves. The paper's ablations are
// settings of published keys: estimate_occlusion_map: false; estimate_jacobian: false with equivariance_jacobian: 0;
// scales: [1].
struct TrainConfig {
  DatasetConfig dataset;
  DiscriminatorConfig discriminator;
  TransformConfig transform;
  LossWeights loss_weights;
  std::vector<Scale> scales;  // of the image pyramid
  int64_t num_epochs = 0;
  int64_t num_repeats = 1;
  std::vector<int64_t> epoch_milestones;
  double lr_generator = 0;
  double lr_discriminator = 0;
  double lr_kp_detector = 0;
  int64_t batch_size = 1;
  int64_t checkpoint_freq = 1;
  // ours: gradients of generator and of detector are scaled down to this Euclidean norm, each by itself; 0: as they
  // are. Frames that are nearly flat (closed eyes) have inverses that now and then blow a step up.
  double max_gradient_norm = 0;
  // ours, for drawn heads: how far poses stray, as a share of the deviations in heads/README.md#ranges; each pair draws
  // its own share from this range. Calm pairs teach detail, wild ones movement.
  std::array<double, 2> heads_wildness{1, 1};
  bool align_corners = false;  // ours: the grid convention to train with (models/fomm/README.md#sampling)
  // ours, for phases:
  Phase phase = Phase::Whole;
  bool lively = false;         // heads_expressions: eyes and mouths are often shut and often wide open
  int64_t lr_half_life = 0;    // steps after which every learning rate has halved; 0: only milestones lower it
  double detected_share = 0;   // motion: share of the steps that take the keypoints from the detector
  double transfer_share = 0;   // together: share of the pairs in which another head drives
  int64_t validate_every = 0;  // steps between two measurements on held-out heads; 0: at the end only
  int64_t validate_heads = 96;

  // Reads the same YAML file as fomm::Config, which has to be read before: `model` is used for checks across sections.
  // Warnings about unknown keys are left to fomm::Config. Throws Error(Model) naming file and key.
  static TrainConfig load(const std::filesystem::path& path, const models::fomm::Config& model);
  // The same from text; `shown` names it in messages.
  static TrainConfig parse(const std::string& yaml, const std::string& shown, const models::fomm::Config& model);
};

}  // namespace animate::train
