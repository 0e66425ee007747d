#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/nn/layers.h"
#include "models/video_diffusion/res_block.h"
#include "models/video_diffusion/transformer.h"

namespace animate::models::video_diffusion {

// What every block of the UNet is given beside the maps.
struct Conditions {
  torch::Tensor embedding;  // [B * T, E]: times and added numbers
  torch::Tensor token;      // [B * T, token width]
  int64_t frames = 0;       // T
  // What is shown of known frames, [B * T, context width, h, w] of every level, the finest first; empty: nothing is.
  std::vector<torch::Tensor> context;
};

// A residual block, and attention where the level has it.
struct UnetLayer {
  VideoResBlock res{nullptr};
  VideoTransformer attention{nullptr};  // may be empty
  size_t level = 0;                     // whose context it is shown

  // x goes as soon as it is used, where the caller gives it away: it may be the largest map of all.
  torch::Tensor forward(torch::Tensor x, const Conditions& conditions) const;
};

struct LevelForm {
  int64_t heads = 1;
  bool attends = false;
  int64_t token_width = 0;
  int64_t embedding = 0;
  double eps = 1e-6;  // of the residual blocks' norms
  bool resizes = false;
  int64_t groups = kNormGroups;
  bool temporal = true;
  int64_t context = 0;
  size_t level = 0;  // counted from the finest
};

// Layers, then a convolution of stride 2; every output is kept for the way up.
struct DownLevelImpl : torch::nn::Module {
  DownLevelImpl(int64_t in, int64_t out, int64_t layers, const LevelForm& form);
  torch::Tensor forward(torch::Tensor x, const Conditions& conditions, std::vector<torch::Tensor>& kept) const;

 private:
  std::vector<UnetLayer> layers_;
  std::shared_ptr<torch::nn::Module> downsampler_;
  core::nn::Convolution down_{nullptr};
};
TORCH_MODULE(DownLevel);

// Layer, attention, layer.
struct MiddleImpl : torch::nn::Module {
  MiddleImpl(int64_t channels, const LevelForm& form);
  torch::Tensor forward(const torch::Tensor& x, const Conditions& conditions) const;

 private:
  UnetLayer first_, second_;
};
TORCH_MODULE(Middle);

// Layers that each take one of the kept maps beside theirs, then an enlargement to the size of the next kept one.
struct UpLevelImpl : torch::nn::Module {
  // `skips` are the channels of the kept maps, in the order in which they are taken.
  UpLevelImpl(int64_t in, int64_t out, const std::vector<int64_t>& skips, const LevelForm& form);
  torch::Tensor forward(torch::Tensor x, const Conditions& conditions, std::vector<torch::Tensor>& kept) const;

 private:
  std::vector<UnetLayer> layers_;
  std::shared_ptr<torch::nn::Module> upsampler_;
  core::nn::Convolution up_{nullptr};
};
TORCH_MODULE(UpLevel);

}  // namespace animate::models::video_diffusion
