#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <string>
#include <vector>

#include "models/fomm/config.h"
#include "train/image_pyramid.h"
#include "train/losses.h"
#include "train/train_config.h"

namespace animate::train {

// A convolution without padding, spectrally normalised if asked for (models/fomm/README.md#spectral-norm). Normalised:
// its weight is divided by an estimate of its largest singular value; in training mode every forward improves that
// estimate by one power iteration, in eval mode it stays. Parameters: bias, weight_orig and buffers weight_u, weight_v
// in that order, or plain weight, bias: the published names and order.
struct CriticConv2dImpl : torch::nn::Module {
  CriticConv2dImpl(int64_t in, int64_t out, int64_t kernel, bool spectral);
  torch::Tensor forward(const torch::Tensor& x);

  torch::Tensor weight, bias;        // [out, in, k, k], [out]
  torch::Tensor weight_u, weight_v;  // [out], [in * k * k]; undefined without normalisation

 private:
  torch::Tensor effective_weight();
};
TORCH_MODULE(CriticConv2d);

// A patch discriminator per scale. Their names in a state dict are "discs.1", "discs.0-5".
struct DiscriminatorImpl : torch::nn::Module {
  DiscriminatorImpl(const models::fomm::Config& model, const DiscriminatorConfig& config);

  // Judges the levels that the config names, in its order; `keypoints` [B, K, 2] become heatmaps beside the image where
  // the config says so, and pass no gradient. Throws Error(Model) for a level that is too small for the blocks.
  std::vector<Judgement> forward(const Pyramid& pyramid, const torch::Tensor& keypoints);

 private:
  struct Critic;
  DiscriminatorConfig config_;
  std::vector<std::shared_ptr<Critic>> critics_;
};
TORCH_MODULE(Discriminator);

}  // namespace animate::train
