#include "train/vgg19.h"

#include <algorithm>

#include "base/error.h"
#include "core/weights.h"

namespace animate::train {
namespace {

// Where the convolutions stand in torchvision's `features`; a ReLU follows each.
constexpr std::array<int, Vgg19Impl::kConvolutions> kPositions{0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28};

// The first convolution of each of the five stages: a pooling goes before it, its ReLU is a feature.
bool begins_stage(int position) {
  return position == 0 || position == 5 || position == 10 || position == 19 || position == 28;
}

}  // namespace

Vgg19Impl::Vgg19Impl(const Widths& widths)
    : mean_(torch::tensor({0.485F, 0.456F, 0.406F}).view({1, 3, 1, 1})),
      deviation_(torch::tensor({0.229F, 0.224F, 0.225F}).view({1, 3, 1, 1})) {
  const auto features = register_module("features", std::make_shared<torch::nn::Module>());
  int64_t in = 3;
  for (size_t i = 0; i < kConvolutions; ++i) {
    const auto options = torch::nn::Conv2dOptions(in, widths[i], 3).padding(1);
    convolutions_.push_back(features->register_module(std::to_string(kPositions[i]), torch::nn::Conv2d(options)));
    in = widths[i];
  }
  for (auto& parameter : parameters()) parameter.set_requires_grad(false);
  eval();
}

std::vector<torch::Tensor> Vgg19Impl::forward(const torch::Tensor& image) {
  check(std::min(image.size(2), image.size(3)) >= kSmallestFrame, ErrorKind::Model,
        "a pyramid level of {}x{} pixels is too small for the perceptual loss, which needs {}; leave its scale out of "
        "'train_params.scales' or train with larger frames",
        image.size(3), image.size(2), kSmallestFrame);
  if (mean_.device() != image.device()) {
    mean_ = mean_.to(image.device());
    deviation_ = deviation_.to(image.device());
  }
  auto x = (image - mean_) / deviation_;
  std::vector<torch::Tensor> found;
  for (size_t i = 0; i < kConvolutions; ++i) {
    const bool first_of_stage = begins_stage(kPositions[i]);
    if (first_of_stage && i > 0) x = torch::max_pool2d(x, 2, 2);
    x = torch::relu(convolutions_[i]->forward(x));
    if (first_of_stage) found.push_back(x);
  }
  return found;
}

Vgg19 load_vgg19(const checkpoint::Checkpoint& weights) {
  const auto scope = weights.scope("");
  Vgg19Impl::Widths widths{};
  for (size_t i = 0; i < widths.size(); ++i) {
    const std::string name = fmt::format("features.{}.weight", kPositions[i]);
    check(scope.contains(name) && scope.info(name).shape.size() == 4, ErrorKind::Model,
          "{}: is not VGG-19 ('{}' is missing); give torchvision's vgg19-dcbb9e9d.pth", weights.name(), name);
    widths[i] = scope.info(name).shape[0];
  }
  Vgg19 vgg(widths);
  core::load_state(*vgg, scope, "VGG-19", {"features.30.", "features.32.", "features.34.", "classifier."});
  return vgg;
}

}  // namespace animate::train
