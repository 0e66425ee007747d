#include "train/training_model.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "core/autocast.h"

namespace animate::train {
namespace {

// Without VGG-19: about the size of the published perceptual weights' sum on an untrained network, led by L1.
constexpr std::array<double, 3> kDefaultStructural{30, 20, 10};

template <typename Weights>
double sum_of(const Weights& weights) {
  return std::accumulate(weights.begin(), weights.end(), 0.0);
}

Pyramid detached(const Pyramid& pyramid) {
  Pyramid copy;
  for (const auto& [name, level] : pyramid) copy[name] = level.detach();
  return copy;
}

// Keeps gradients from a network's parameters as long as it lives. They would be dropped anyway, and without them
// nothing of what the discriminator says about real frames has to be remembered for the backward pass.
class Frozen {
 public:
  explicit Frozen(const torch::nn::Module& module) : parameters_(module.parameters()) { set(false); }
  ~Frozen() { set(true); }
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

 private:
  void set(bool requires_grad) {
    for (auto& parameter : parameters_) parameter.set_requires_grad(requires_grad);
  }
  std::vector<torch::Tensor> parameters_;
};

}  // namespace

TrainingModel::TrainingModel(const models::fomm::Config& model, TrainConfig config, TrainingNetworks networks,
                             Vgg19 vgg)
    : model_(model),
      config_(std::move(config)),
      networks_(std::move(networks)),
      vgg_(std::move(vgg)),
      align_(config_.align_corners ? core::AlignCorners::On : core::AlignCorners::Off),
      pyramid_(model.num_channels, config_.scales) {
  check(vgg_.is_empty() || model.num_channels == 3, ErrorKind::Model,
        "VGG-19 judges colour pictures, this model has {} channels; train it without VGG-19", model.num_channels);
  networks_.train();
}

void TrainingModel::to(const torch::Device& device) {
  networks_.to(device);
  if (!vgg_.is_empty()) vgg_->to(device);
  pyramid_.to(device);
}

GeneratorPass TrainingModel::generator_pass(const TrainingBatch& batch, torch::Generator& random) {
  // Drawn whether it is used or not: switching a loss on does not shift the random numbers of the rest.
  return generator_pass(batch,
                        TpsTransform::draw(batch.driving.size(0), config_.transform, random, batch.driving.device()));
}

GeneratorPass TrainingModel::generator_pass(const TrainingBatch& batch, const TpsTransform& transform) {
  model_.check_frame_size(batch.source.size(2), batch.source.size(3));
  check(batch.source.sizes() == batch.driving.sizes(), ErrorKind::Internal,
        "source and driving frames of a batch differ in size");
  GeneratorPass pass;
  pass.source = networks_.detector->forward(batch.source);
  pass.driving = networks_.detector->forward(batch.driving);
  auto& generator = *networks_.generator;
  check(!batch.taught || (batch.source_truth && batch.driving_truth), ErrorKind::Internal,
        "a taught batch without the truth");
  {
    const core::Autocast mixed(batch.source.device(), mixed_);
    pass.generated =
        generator.generate(generator.encode(batch.source), batch.taught ? *batch.driving_truth : pass.driving,
                           batch.taught ? *batch.source_truth : pass.source, align_);
  }
  pass.generated.prediction = pass.generated.prediction.to(torch::kFloat);
  check(pass.generated.prediction.sizes() == batch.driving.sizes(), ErrorKind::Model,
        "frames of {}x{} pixels come out smaller; both sides must be multiples of {} to train this generator",
        batch.source.size(3), batch.source.size(2), int64_t{1} << model_.generator.num_down_blocks);
  pass.real = pyramid_(batch.driving);
  pass.fake = pyramid_(pass.generated.prediction);
  add_reconstruction(pass);
  if (has_adversary()) add_adversarial(pass);
  if (config_.loss_weights.has_equivariance()) add_equivariance(pass, batch, transform);
  add_supervision(pass, batch);
  return pass;
}

std::vector<torch::Tensor> TrainingModel::vgg_features(const torch::Tensor& image) {
  const core::Autocast mixed(image.device(), mixed_);
  auto features = vgg_->forward(image);
  for (auto& layer : features) layer = layer.to(torch::kFloat);
  return features;
}

std::vector<Judgement> TrainingModel::judge(const Pyramid& pyramid, const torch::Tensor& keypoints) {
  const core::Autocast mixed(keypoints.device(), mixed_);
  auto judgements = networks_.discriminator->forward(pyramid, keypoints);
  for (Judgement& level : judgements) {
    level.prediction = level.prediction.to(torch::kFloat);
    for (auto& features : level.features) features = features.to(torch::kFloat);
  }
  return judgements;
}

void TrainingModel::add_reconstruction(GeneratorPass& pass) {
  const LossWeights& weights = config_.loss_weights;
  const bool wanted = sum_of(weights.perceptual) != 0;
  if (wanted && !vgg_.is_empty()) {
    torch::Tensor sum;
    for (const Scale& scale : config_.scales) {
      std::vector<torch::Tensor> target;
      {
        const torch::NoGradGuard no_grad;
        target = vgg_features(pass.real.at(scale.name));
      }
      const auto level = perceptual_loss(vgg_features(pass.fake.at(scale.name)), target, weights.perceptual);
      sum = sum.defined() ? sum + level : level;
    }
    pass.losses.add("perceptual", sum);
  }
  const bool stands_in = wanted && vgg_.is_empty();
  const auto structural = weights.structural.value_or(stands_in ? kDefaultStructural : std::array<double, 3>{});
  if (sum_of(structural) == 0) return;
  torch::Tensor sum;
  for (const Scale& scale : config_.scales) {
    const auto level = structural_loss(pass.fake.at(scale.name), pass.real.at(scale.name), structural);
    sum = sum.defined() ? sum + level : level;
  }
  pass.losses.add("structural", sum);
}

void TrainingModel::add_adversarial(GeneratorPass& pass) {
  const LossWeights& weights = config_.loss_weights;
  const Frozen frozen(*networks_.discriminator);
  // Fake before real: every forward advances the spectral norm.
  const auto fake = judge(pass.fake, pass.driving.value);
  const auto real = judge(pass.real, pass.driving.value);
  pass.losses.add("gen_gan", weights.generator_gan * generator_gan_loss(fake));
  if (sum_of(weights.feature_matching) != 0) {
    pass.losses.add("feature_matching", feature_matching_loss(real, fake, weights.feature_matching));
  }
}

void TrainingModel::add_equivariance(GeneratorPass& pass, const TrainingBatch& batch, const TpsTransform& transform) {
  const LossWeights& weights = config_.loss_weights;
  pass.transformed_frame = transform.frame(batch.driving, align_);
  pass.transformed = networks_.detector->forward(pass.transformed_frame);
  if (weights.equivariance_value != 0) {
    pass.losses.add("equivariance_value",
                    weights.equivariance_value * equivariance_value_loss(pass.driving, pass.transformed, transform));
  }
  if (weights.equivariance_jacobian != 0) {
    pass.losses.add("equivariance_jacobian", weights.equivariance_jacobian *
                                                 equivariance_jacobian_loss(pass.driving, pass.transformed, transform));
  }
}

void TrainingModel::add_supervision(GeneratorPass& pass, const TrainingBatch& batch) {
  const LossWeights& weights = config_.loss_weights;
  if (weights.keypoint_focus == 0 && weights.keypoint_supervision == 0 && weights.keypoint_supervision_jacobian == 0) {
    return;
  }
  check(batch.source_truth && batch.driving_truth, ErrorKind::Model,
        "'train_params.loss_weights.{}' needs data with known keypoints; train on procedural heads or set it to 0",
        weights.keypoint_focus != 0 ? "keypoint_focus" : "keypoint_supervision");
  if (weights.keypoint_focus != 0) {
    pass.losses.add("keypoint_focus",
                    weights.keypoint_focus *
                        keypoint_focus_loss(pass.generated.prediction, batch.driving, batch.driving_truth->value));
  }
  const auto& source = *batch.source_truth;
  const auto& driving = *batch.driving_truth;
  check(source.value.size(1) == model_.num_kp, ErrorKind::Model,
        "the data comes with {} keypoints, 'model_params.common_params.num_kp' is {}; set it to that number",
        source.value.size(1), model_.num_kp);
  if (weights.keypoint_supervision != 0) {
    const auto sum = keypoint_value_loss(pass.source, source) + keypoint_value_loss(pass.driving, driving);
    pass.losses.add("keypoint_value", weights.keypoint_supervision / 2 * sum);
  }
  if (weights.keypoint_supervision_jacobian != 0) {
    const auto sum = keypoint_jacobian_loss(pass.source, source) + keypoint_jacobian_loss(pass.driving, driving);
    pass.losses.add("keypoint_jacobian", weights.keypoint_supervision_jacobian / 2 * sum);
  }
}

Losses TrainingModel::discriminator_pass(const GeneratorPass& pass) {
  check(has_adversary(), ErrorKind::Internal, "a discriminator pass is asked for without an adversary");
  const auto fake = judge(detached(pass.fake), pass.driving.value);
  const auto real = judge(detached(pass.real), pass.driving.value);
  Losses losses;
  losses.add("disc_gan", config_.loss_weights.discriminator_gan * discriminator_gan_loss(real, fake));
  return losses;
}

}  // namespace animate::train
