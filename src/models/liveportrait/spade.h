#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <optional>

#include "core/nn/inference_block.h"
#include "models/liveportrait/spectral_conv_2d.h"

namespace animate::models::liveportrait {

// Spatially adaptive normalisation (Park et al., CVPR 2019; models/liveportrait/README.md#spade-generator): x loses its
// own mean and variance and takes scale and shift, pixel by pixel, from the map `seg`.
struct SpadeImpl : torch::nn::Module {
  SpadeImpl(int64_t channels, int64_t seg_channels);

  // x [B, channels, H, W]; seg [B, seg_channels, h, w], resized to H x W by nearest.
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& seg);
  // The same from the activation of mlp_shared, which several norms of one size compute together.
  torch::Tensor modulate(const torch::Tensor& x, const torch::Tensor& shared);
  // Joins mlp_gamma and mlp_beta, which read the same map, into one convolution.
  void fold();
  // The same after use_fast_convolutions(), with the statistics of x, which two norms of one map share.
  torch::Tensor modulate(const torch::Tensor& x, const torch::Tensor& shared,
                         const core::nn::InstanceStatistics& statistics);
  // After fold(). With `negative_slope` what modulate() gives is also activated by leaky ReLU.
  void use_fast_convolutions(core::nn::ConvMode mode, std::optional<double> negative_slope);

  // mlp_shared.0: seg -> 128 channels, 3 x 3.
  torch::nn::Conv2d mlp_shared{nullptr}, mlp_gamma{nullptr}, mlp_beta{nullptr};

 private:
  torch::Tensor joint_weight_, joint_bias_;  // gamma's channels, then beta's
  std::shared_ptr<const core::nn::FastConvolution> fast_;
};
TORCH_MODULE(Spade);

// Channels between mlp_shared and the modulation; fixed in the published networks.
constexpr int64_t kSpadeHidden = 128;
inline constexpr double kSpadeSlope = 0.2;  // of the leaky ReLU

// 3x3, with a margin of one: all but the shortcuts.
torch::nn::Conv2d spade_convolution(int64_t in, int64_t out);

// n = (x - mean) / sqrt(var + 1e-5) over each channel's pixels.
torch::Tensor instance_normalise(const torch::Tensor& x);

// Two SPADE-normalised convolutions round a shortcut; the shortcut is learned where the widths differ.
// [B, in, H, W] -> [B, out, H, W]
struct SpadeResnetBlockImpl : torch::nn::Module, core::nn::InferenceBlock {
  SpadeResnetBlockImpl(int64_t in, int64_t out, int64_t seg_channels);
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& seg);

  // Divides by the spectral norms and merges what reads the same map: all mlp_shared in one convolution.
  void fold() override;
  void use_fast_convolutions(core::nn::ConvMode mode) override;
  // Makes room for weights that were stored already divided.
  void expect_folded_weights() { fold_convolutions(/*copy_weights=*/false); }

  SpectralConv2d conv_0{nullptr}, conv_1{nullptr}, conv_s{nullptr};
  Spade norm_0{nullptr}, norm_1{nullptr}, norm_s{nullptr};

 private:
  void fold_convolutions(bool copy_weights);
  torch::Tensor shared_maps(const torch::Tensor& seg, int64_t height, int64_t width) const;

  torch::Tensor shared_weight_, shared_bias_;  // of norm_0, norm_1 and norm_s one after the other
  // After use_fast_convolutions(): mlp_shared of `seg` as it is and of `seg` doubled, and the block's convolutions.
  std::shared_ptr<const core::nn::FastConvolution> fast_shared_, fast_shared_doubled_, fast_0_, fast_1_;
};
TORCH_MODULE(SpadeResnetBlock);

}  // namespace animate::models::liveportrait
