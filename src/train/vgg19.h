#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <array>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace animate::train {

// VGG-19 (configuration E, no normalisation) up to relu5_1, frozen, with torchvision's key names
// (models/fomm/README.md#vgg): what the perceptual loss compares. Its weights stay out of our checkpoints.
struct Vgg19Impl : torch::nn::Module {
  static constexpr size_t kConvolutions = 13;
  static constexpr size_t kFeatures = 5;
  static constexpr int64_t kSmallestFrame = 16;  // four poolings
  using Widths = std::array<int64_t, kConvolutions>;
  static constexpr Widths kPublishedWidths{64, 64, 128, 128, 256, 256, 256, 256, 512, 512, 512, 512, 512};

  explicit Vgg19Impl(const Widths& widths = kPublishedWidths);

  // image [B, 3, H, W] in [0, 1], H and W at least 16, else Error(Model) -> relu1_1, 2_1, 3_1, 4_1, 5_1
  std::vector<torch::Tensor> forward(const torch::Tensor& image);

 private:
  std::vector<torch::nn::Conv2d> convolutions_;
  torch::Tensor mean_, deviation_;  // of ImageNet; follow the device of the image, not of the module
};
TORCH_MODULE(Vgg19);

// Loads torchvision's vgg19-dcbb9e9d.pth; widths are told from the shapes. Throws Error(Model) for other weights.
Vgg19 load_vgg19(const checkpoint::Checkpoint& weights);

}  // namespace animate::train
