#pragma once

#include <memory>

#include "models/liveportrait/appearance_feature_extractor.h"
#include "models/liveportrait/config.h"
#include "models/liveportrait/mlp.h"
#include "models/liveportrait/motion_extractor.h"
#include "models/liveportrait/spade_generator.h"
#include "models/liveportrait/warping_network.h"
#include "models/registry.h"

namespace animate::models::liveportrait {

// Names of the networks: the published files' stems, and the prefixes of a converted file.
inline constexpr const char* kAppearance = "appearance_feature_extractor";
inline constexpr const char* kMotion = "motion_extractor";
inline constexpr const char* kWarping = "warping_module";
inline constexpr const char* kSpade = "spade_generator";
inline constexpr const char* kRetargeting = "stitching_retargeting_module";

// All networks of one LivePortrait model, loaded or with random weights, in eval mode.
struct Networks {
  std::shared_ptr<AppearanceFeatureExtractorImpl> appearance;
  std::shared_ptr<MotionExtractorImpl> motion;
  std::shared_ptr<WarpingNetworkImpl> warping;
  std::shared_ptr<SpadeGeneratorImpl> spade;
  std::shared_ptr<RetargetingNetworks> retargeting;  // null where the weights have none

  // Fresh networks with LibTorch's random initialisation.
  explicit Networks(const Config& config);
  // Fills all of them, strictly; without a retargeting file these networks are dropped.
  void load(const ModelFiles& files);
  // Merges batch and spectral normalisation into convolutions.
  void fold();
  // For the CPU and after fold().
  void use_fast_convolutions(core::nn::ConvMode mode);
  void to(torch::Device device);
  int64_t parameters() const;
};

// The arrays of one network, wherever the files keep them; empty when they do not. The retargeting networks are
// "stitching_retargeting_module.retarget_shoulder" and so on.
checkpoint::CheckpointScope scope_of(const ModelFiles& files, const std::string& network);

// The config that belongs to the files: given, in the metadata, else the published one. Warnings are logged.
Config find_config(const ModelFiles& files);

// For `animate convert`.
PackedModel pack(const ModelFiles& files);

}  // namespace animate::models::liveportrait
