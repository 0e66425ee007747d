#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <vector>

#include "core/nn/blocks_2d.h"
#include "models/fomm/dense_motion_network.h"

namespace animate::models::fomm {

// Everything about a source picture that does not depend on the driver: computed once, used for every frame.
struct EncodedSource {
  torch::Tensor features;  // [B, C_f, H / 2^n, W / 2^n]
  torch::Tensor small;     // [B, C, h, w] for the dense motion network; undefined without one
  // Only with `skips`: the picture itself, then every map finer than `features`, finest first.
  std::vector<torch::Tensor> finer;
};

// Warps the features of a source by the dense motion, masks what is occluded, and paints the rest
// (models/fomm/README.md#generator). Without dense_motion_params it is a plain encoder-decoder.
// With `skips` every map of the decoder, and at last its picture, is blended by the occlusion map with the warped map
// of the same size from the source (Siarohin et al., Motion Representations for Articulated Animation, 2021): what is
// visible is taken over, what is not is painted. It adds no parameters.
// Read-only once in eval mode: safe to call from several threads.
struct OcclusionAwareGeneratorImpl : torch::nn::Module, core::nn::InferenceBlock {
  struct Output {
    torch::Tensor prediction;     // [B, C, H', W'] in [0, 1]; sizes that are no multiple of 2^n are rounded down to one
    torch::Tensor bottleneck_in;  // features after warping and masking, for the parity tests
    DenseMotion motion;
  };

  explicit OcclusionAwareGeneratorImpl(const Config& config);

  EncodedSource encode(const torch::Tensor& source);
  Output generate(const EncodedSource& source, const Keypoints& driving, const Keypoints& source_keypoints,
                  core::AlignCorners align);
  // The two halves of generate(), for stage timings. `source` may be one item for a batch of motions.
  torch::Tensor warp_features(const EncodedSource& source, const DenseMotion& motion, core::AlignCorners align);
  // `features` [B, C_f, h, w] after refine(); `source` and `motion` are what the skips warp, unused without them.
  torch::Tensor decode(const torch::Tensor& features, const EncodedSource& source, const DenseMotion& motion,
                       core::AlignCorners align);
  torch::Tensor refine(const torch::Tensor& features);
  void use_fast_convolutions(core::nn::ConvMode mode) override;

  DenseMotionNetwork dense_motion_network{nullptr};
  core::nn::SameBlock2d first{nullptr};
  torch::nn::ModuleList down_blocks, up_blocks;
  torch::nn::Sequential bottleneck;
  torch::nn::Conv2d final{nullptr};

 private:
  bool skips_ = false;
  core::Padding padding_;
  std::shared_ptr<const core::nn::FastConvolution> fast_final_;  // after use_fast_convolutions()
};
TORCH_MODULE(OcclusionAwareGenerator);

// Samples `image` [B, C, H, W], or one image for all, along `deformation` [B, h, w, 2], which is first resized to the
// image's size.
torch::Tensor warp(const torch::Tensor& image, const torch::Tensor& deformation, core::AlignCorners align,
                   core::Padding padding = core::Padding::Zeros);

}  // namespace animate::models::fomm
