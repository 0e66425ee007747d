#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include "core/nn/blocks_2d.h"
#include "models/liveportrait/config.h"

namespace animate::models::liveportrait {

// F (models/liveportrait/README.md#appearance-feature-extractor): what the source looks like, as a feature volume.
// [B, 3, H, W] in [0, 1] -> [B, reshape_channel, reshape_depth, H / 2^n, W / 2^n]
struct AppearanceFeatureExtractorImpl : torch::nn::Module {
  explicit AppearanceFeatureExtractorImpl(const AppearanceConfig& config);
  torch::Tensor forward(const torch::Tensor& image);

  AppearanceConfig config;
  core::nn::SameBlock2d first{nullptr};
  torch::nn::ModuleList down_blocks;
  torch::nn::Conv2d second{nullptr};
  torch::nn::ModuleList resblocks;  // registered as resblocks_3d.3dr<i>
};

}  // namespace animate::models::liveportrait
