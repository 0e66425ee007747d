// FOMM's training against the original's numbers: transforms, losses, gradients, optimiser steps, discriminator.
#include <torch/autograd.h>

#include "base/error.h"
#include "core/nn/fast_conv/trained_convolution.h"
#include "core/weights.h"
#include "support/catch.h"
#include "support/golden.h"
#include "train/optimisers.h"
#include "train/training_model.h"

using namespace animate::core;
using namespace animate::checkpoint;
using namespace animate::models;
using namespace animate::train;
using namespace animate;
using fomm::Keypoints;

namespace {

std::filesystem::path fomm_root() { return test::fixtures_root() / "fomm"; }

struct Configs {
  explicit Configs(const std::filesystem::path& path)
      : model(fomm::Config::load(path)), training(train::TrainConfig::load(path, model)) {}
  fomm::Config model;
  train::TrainConfig training;
};

train::TpsTransform input_transform(const test::GoldenCase& golden, const std::string& prefix) {
  const std::string params = prefix + "control_params";
  return train::TpsTransform(golden.input(prefix + "theta"),
                             golden.has("input/" + params) ? golden.input(params) : torch::Tensor());
}

// Mathematically zero: the bias of a convolution right before a normalisation, and the bias under the softmax.
bool is_noise(const std::string& network, const std::string& parameter) {
  if (network == "discriminator") {
    return parameter.ends_with(".conv.bias") && parameter.find(".down_blocks.") != std::string::npos &&
           parameter.find(".down_blocks.0.") == std::string::npos;
  }
  return parameter.ends_with(".conv.bias") || parameter.ends_with(".conv1.bias") || parameter == "kp.bias";
}

void compare_gradients(test::GoldenCase& golden, const std::string& network, const torch::nn::Module& module) {
  for (const auto& item : module.named_parameters()) {
    const auto& gradient = item.value().grad();
    INFO(network << " " << item.key());
    REQUIRE(gradient.defined());
    const std::string name = network + "/" + item.key();
    if (is_noise(network, item.key())) {
      golden.compare_noise("grad_norm/" + name, gradient.norm(), 1e-2);
      golden.compare_noise("grad/" + name, gradient, 1e-2);
    } else {
      golden.compare("grad_norm/" + name, gradient.norm());
      golden.compare("grad/" + name, gradient);
    }
  }
}

void compare_state(test::GoldenCase& golden, const std::string& prefix, const torch::nn::Module& module) {
  for (const auto& item : module.named_parameters()) golden.compare(prefix + item.key(), item.value());
  for (const auto& item : module.named_buffers()) golden.compare(prefix + item.key(), item.value());
}

void compare_keypoints(test::GoldenCase& golden, const std::string& name, const Keypoints& found) {
  golden.compare(name + "/value", found.value);
  golden.compare(name + "/jacobian", found.jacobian);
}

void compare_losses(test::GoldenCase& golden, const std::string& prefix, const train::Losses& losses) {
  for (const auto& [name, value] : losses.terms) golden.compare(prefix + name, value);
}

train::TrainingNetworks load_networks(const test::GoldenCase& golden, const Configs& configs) {
  const auto checkpoints = golden.checkpoints();
  REQUIRE_FALSE(checkpoints.empty());
  train::TrainingNetworks networks(configs.model, configs.training);
  networks.load(Checkpoint::open(checkpoints.front()));
  return networks;
}

// The case's narrow stand-in for VGG-19: "slice3.7.weight" is torchvision's "features.7.weight".
train::Vgg19 input_vgg(const test::GoldenCase& golden) {
  const std::string prefix = "input/vgg/slice";
  const auto keys = golden.keys(prefix);
  const auto position_of = [&](const std::string& key) { return std::stoi(key.substr(prefix.size() + 2)); };
  std::map<int, int64_t> widths;
  for (const auto& key : keys) widths[position_of(key)] = golden.tensor(key).size(0);
  REQUIRE(widths.size() == train::Vgg19Impl::kConvolutions);
  train::Vgg19Impl::Widths list{};
  std::transform(widths.begin(), widths.end(), list.begin(), [](const auto& entry) { return entry.second; });
  train::Vgg19 vgg(list);
  const torch::NoGradGuard no_grad;
  auto parameters = vgg->named_parameters();
  for (const auto& key : keys) {
    const bool bias = key.ends_with("bias");
    const auto name = fmt::format("features.{}.{}", position_of(key), bias ? "bias" : "weight");
    REQUIRE(parameters.contains(name));
    parameters[name].copy_(golden.tensor(key));
  }
  return vgg;
}

}  // namespace

TEST_CASE("the random transform and the equivariance losses agree with the original") {
  auto golden = test::fomm_case("equivariance");
  const auto frame = golden.input("frame");
  const auto points = golden.input("coordinates");
  const Keypoints driving{golden.input("kp_driving/value"), golden.input("kp_driving/jacobian")};
  for (const std::string variant : {"default", "strong", "affine_only"}) {
    const std::string prefix = variant + "/";
    const auto transform = input_transform(golden, prefix);
    golden.compare(prefix + "warped_coordinates", transform.coordinates(points));
    golden.compare(prefix + "jacobian", transform.jacobian(points));
    golden.compare(prefix + "align0/warped_frame", transform.frame(frame, AlignCorners::Off));
    golden.compare(prefix + "align1/warped_frame", transform.frame(frame, AlignCorners::On));
    const Keypoints transformed{golden.input("transformed_kp/value").requires_grad_(),
                                golden.input("transformed_kp/jacobian")};
    const auto value = train::equivariance_value_loss(driving, transformed, transform);
    const auto jacobian = train::equivariance_jacobian_loss(driving, transformed, transform);
    golden.compare(prefix + "loss_value", value);
    golden.compare(prefix + "loss_jacobian", jacobian);
    (value + jacobian).backward();
    golden.compare(prefix + "grad_of_losses_wrt_transformed_value", transformed.value.grad());
  }
  golden.require_all_compared();
}

TEST_CASE("the Jacobian of the transform is its derivative") {
  torch::manual_seed(3);
  const train::TpsTransform transform(torch::randn({2, 2, 3}), torch::randn({2, 1, 16}) * 0.1);
  const auto points = (torch::rand({2, 9, 2}) * 2 - 1).requires_grad_();
  const auto moved = transform.coordinates(points);
  const auto jacobian = transform.jacobian(points);
  for (int64_t row = 0; row < 2; ++row) {
    const auto slope = torch::autograd::grad({moved.select(2, row).sum()}, {points}, {}, true)[0];
    CHECK((slope - jacobian.select(2, row)).abs().max().item<double>() < 1e-4);
  }
}

TEST_CASE("the discriminator agrees with the original, plain and with spectral norm and heatmaps") {
  auto golden = test::fomm_case("discriminator");
  for (const std::string model : {"train", "nojac"}) {
    const auto checkpoint_path = [&] {
      for (const char* container : {"legacy", "zip"}) {
        auto path = fomm_root() / "checkpoints" / (model + "." + container + ".pth.tar");
        if (std::filesystem::exists(path)) return path;
      }
      return std::filesystem::path();
    }();
    REQUIRE_FALSE(checkpoint_path.empty());
    const Configs configs(fomm_root() / "configs" / (model + ".yaml"));
    const auto checkpoint = Checkpoint::open(checkpoint_path);
    train::Discriminator discriminator(configs.model, configs.training.discriminator);
    CHECK(state_names(*discriminator) == checkpoint.scope("discriminator").names());
    load_state(*discriminator, checkpoint.scope("discriminator"), "discriminator");

    const auto image = golden.input("image");
    train::Pyramid pyramid;
    for (const auto& scale : configs.training.scales) {
      pyramid[scale.name] = scale.value == 1 ? image : nn::AntiAliasInterpolation2d(3, scale.value)->forward(image);
    }
    const auto keypoints = golden.input(model + "/kp_value");
    for (const bool training : {false, true}) {
      discriminator->train(training);
      const auto judgements = discriminator->forward(pyramid, keypoints);
      REQUIRE(judgements.size() == configs.training.discriminator.scales.size());
      for (size_t level = 0; level < judgements.size(); ++level) {
        const std::string prefix = model + (training ? "/train/" : "/eval/");
        const std::string scale = configs.training.discriminator.scales[level].name;
        golden.compare(prefix + "prediction_map_" + scale, judgements[level].prediction);
        for (size_t i = 0; i < judgements[level].features.size(); ++i) {
          golden.compare(fmt::format("{}feature_maps_{}/{}", prefix, scale, i),
                         judgements[level].features[i].slice(0, 0, 1));
        }
      }
    }
  }
  golden.require_all_compared();
}

TEST_CASE("losses, gradients and running statistics of a simple training pass agree with the original") {
  // By LibTorch's convolutions and by our own.
  const auto mode = GENERATE(nn::ConvMode::Direct, nn::ConvMode::Winograd);
  const nn::FastTraining convolutions(mode);
  auto golden = test::fomm_case("train_simple");
  Configs configs(golden.config());
  auto& weights = configs.training.loss_weights;
  weights.generator_gan = 0;
  weights.structural = {10, 0, 0};
  train::TrainingModel model(configs.model, configs.training, load_networks(golden, configs));

  auto pass =
      model.generator_pass({golden.input("source"), golden.input("driving"), {}, {}}, input_transform(golden, ""));
  compare_keypoints(golden, "kp_source", pass.source);
  compare_keypoints(golden, "kp_driving", pass.driving);
  compare_keypoints(golden, "transformed_kp", pass.transformed);
  golden.compare("transformed_frame_item0", pass.transformed_frame.slice(0, 0, 1));
  golden.compare("prediction_item0", pass.generated.prediction.slice(0, 0, 1));
  for (const auto& [scale, level] : pass.real) golden.compare("pyramid_real_item0/" + scale, level.slice(0, 0, 1));
  golden.compare("loss/l1_pyramid", pass.losses.get("structural"));
  compare_losses(golden, "loss/", pass.losses);
  const auto total = pass.losses.total();
  golden.compare("loss/total", total);
  total.backward();
  compare_gradients(golden, "kp_detector", *model.networks().detector);
  compare_gradients(golden, "generator", *model.networks().generator);
  compare_state(golden, "buffers_after/kp_detector/", *model.networks().detector);
  compare_state(golden, "buffers_after/generator/", *model.networks().generator);
  golden.require_all_compared();
}

TEST_CASE("a whole training iteration, its optimiser steps and the next losses agree with the original") {
  auto golden = test::fomm_case("train_full");
  const Configs configs(golden.config());
  const auto vgg = input_vgg(golden);
  train::TrainingModel model(configs.model, configs.training, load_networks(golden, configs), vgg);
  train::Optimisers optimisers(model.networks(), configs.training);
  const auto transform = input_transform(golden, "");
  const train::TrainingBatch batch{golden.input("source"), golden.input("driving"), {}, {}};

  const auto features = train::Vgg19(vgg)->forward(batch.driving.slice(0, 0, 1));
  for (size_t i = 0; i < features.size(); ++i) golden.compare(fmt::format("vgg_features/relu{}_1", i + 1), features[i]);

  auto pass = model.generator_pass(batch, transform);
  compare_losses(golden, "loss/", pass.losses);
  const auto total = pass.losses.total();
  golden.compare("loss/total_generator", total);
  total.backward();
  compare_gradients(golden, "kp_detector", *model.networks().detector);
  compare_gradients(golden, "generator", *model.networks().generator);
  optimisers.generator.step();
  optimisers.detector.step();
  optimisers.zero_grad();

  const auto judged = model.discriminator_pass(pass);
  compare_losses(golden, "loss/", judged);
  judged.total().backward();
  compare_gradients(golden, "discriminator", *model.networks().discriminator);
  optimisers.discriminator->step();
  optimisers.zero_grad();

  pass = model.generator_pass(batch, transform);
  compare_losses(golden, "second_iteration/loss/", pass.losses);
  compare_state(golden, "after_step/generator/", *model.networks().generator);
  compare_state(golden, "after_step/kp_detector/", *model.networks().detector);
  compare_state(golden, "after_step/discriminator/", *model.networks().discriminator);
  golden.require_all_compared();
}
