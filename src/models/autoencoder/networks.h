#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/types.h>

#include "models/autoencoder/config.h"

namespace animate::models::autoencoder {

// Encoder and decoder of 64x64 faces (models/autoencoder/README.md#networks), under the published names
// (encoder.0.weight … decoder.12.bias). Pictures are in [-1, 1]. Fresh networks are in training mode with LibTorch's
// random initialisation. Read-only once in eval mode: safe to call from several threads.
struct FaceAutoencoderImpl : torch::nn::Module {
  explicit FaceAutoencoderImpl(const Config& config);

  // [B, 3, 64, 64] -> [B, numbers, 1, 1]
  torch::Tensor encode(const torch::Tensor& pictures) { return encoder->forward(pictures); }
  // [B, numbers, 1, 1] -> [B, 3, 64, 64]
  torch::Tensor decode(const torch::Tensor& codes) { return decoder->forward(codes); }
  torch::Tensor forward(const torch::Tensor& pictures) { return decode(encode(pictures)); }

  torch::nn::Sequential encoder{nullptr}, decoder{nullptr};
};

// [0, 1] -> [-1, 1], with the rounding of torchvision's Normalize(0.5, 0.5), and back.
inline torch::Tensor to_signed(const torch::Tensor& pictures) { return (pictures - 0.5) / 0.5; }
inline torch::Tensor to_unit(const torch::Tensor& pictures) { return (pictures + 1) / 2; }

}  // namespace animate::models::autoencoder
