#pragma once

#include <optional>
#include <vector>

#include "train/image_pyramid.h"
#include "train/loss_terms.h"
#include "train/tps_transform.h"
#include "train/training_networks.h"
#include "train/vgg19.h"

namespace animate::train {

// Two frames of one clip a sample, [B, C, H, W] in [0, 1], on the networks' device. The ground truth is given where the
// data has one (procedural heads).
struct TrainingBatch {
  torch::Tensor source, driving;
  std::optional<models::fomm::Keypoints> source_truth, driving_truth;
  // The generator is given the truth in place of what the detector found, so that it learns to use good keypoints
  // before there are any. Needs the truth.
  bool taught = false;
  // Clips that could not be read and were replaced to make this batch.
  int64_t skipped = 0;
};

// Everything one pass through generator and detector gave.
struct GeneratorPass {
  Losses losses;
  models::fomm::Keypoints source, driving;
  models::fomm::Keypoints transformed;  // of the transformed frame; empty without equivariance terms
  torch::Tensor transformed_frame;      // [B, C, H, W]
  models::fomm::OcclusionAwareGeneratorImpl::Output generated;
  Pyramid real, fake;
};

// FOMM's training objective (models/fomm/README.md#training): forward passes and weighted losses; the trainer calls
// backward and the optimisers. One iteration: generator_pass, backward, steps of generator and detector, zero_grad of
// all three; discriminator_pass, backward, its step, zero_grad. Holds no random state.
//   terms of a generator pass      perceptual or structural, gen_gan, feature_matching, equivariance_value,
//                                  equivariance_jacobian, keypoint_focus, keypoint_value, keypoint_jacobian
//   terms of a discriminator pass  disc_gan
class TrainingModel {
 public:
  // `vgg` may be null: then the structural pyramid stands in for the perceptual loss. All on one device.
  TrainingModel(const models::fomm::Config& model, TrainConfig config, TrainingNetworks networks, Vgg19 vgg = nullptr);

  // The detector sees source, driving and transformed driving frame, in this order. `transform` is used only with
  // equivariance terms. Throws Error(Model) for frames that do not fit the networks.
  GeneratorPass generator_pass(const TrainingBatch& batch, const TpsTransform& transform);
  // The same with a transform drawn from `random`.
  GeneratorPass generator_pass(const TrainingBatch& batch, torch::Generator& random);

  bool has_adversary() const { return config_.loss_weights.generator_gan != 0; }
  // Only with has_adversary(). Uses what the generator pass of the same batch gave, detached.
  Losses discriminator_pass(const GeneratorPass& pass);

  const TrainConfig& config() const { return config_; }
  TrainingNetworks& networks() { return networks_; }
  // Moves networks, filters and VGG-19.
  void to(const torch::Device& device);
  // Generator, discriminator and VGG-19 compute in bfloat16 where that is safe (core/autocast.h). The detector does
  // not: it is small, and its softmax over a tenth of the temperature would move keypoints by what bfloat16 leaves out.
  // The weights, the coordinates and all losses stay in float.
  void use_mixed_precision(bool on) { mixed_ = on; }

 private:
  void add_reconstruction(GeneratorPass& pass);
  void add_adversarial(GeneratorPass& pass);
  void add_equivariance(GeneratorPass& pass, const TrainingBatch& batch, const TpsTransform& transform);
  void add_supervision(GeneratorPass& pass, const TrainingBatch& batch);
  std::vector<torch::Tensor> vgg_features(const torch::Tensor& image);
  std::vector<Judgement> judge(const Pyramid& pyramid, const torch::Tensor& keypoints);

  models::fomm::Config model_;
  TrainConfig config_;
  TrainingNetworks networks_;
  Vgg19 vgg_;
  core::AlignCorners align_;
  bool mixed_ = false;
  ImagePyramid pyramid_;
};

}  // namespace animate::train
