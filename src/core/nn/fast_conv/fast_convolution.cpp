#include "core/nn/fast_conv/fast_convolution.h"

#include <ATen/Parallel.h>
#include <ATen/record_function.h>

#include <array>
#include <utility>
#include <vector>

#include "base/error.h"
#include "core/nn/fast_conv/narrow_convolution.h"
#include "core/nn/fast_conv/pixel_moments.h"

namespace animate::core::nn {
namespace {

constexpr double kInstanceEps = 1e-5;

bool is_volume(const torch::Tensor& weight) { return weight.dim() == 5; }

torch::MemoryFormat channels_last(const torch::Tensor& x) {
  return x.dim() == 5 ? torch::MemoryFormat::ChannelsLast3d : torch::MemoryFormat::ChannelsLast;
}

const float* data_or_null(const torch::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

}  // namespace

bool winograd_pays(const torch::Tensor& x) {
  constexpr int64_t tile = 4;
  constexpr int64_t fewest_tiles = 12;
  constexpr int64_t fewest_lanes = 8;
  const int64_t height = x.size(-2);
  const int64_t width = x.size(-1);
  if (height < tile || width < tile || winograd_lanes() < fewest_lanes) return false;
  const int64_t planes = x.dim() == 5 ? x.size(0) * x.size(2) : x.size(0);
  return planes * ((height + tile - 1) / tile) * ((width + tile - 1) / tile) >= fewest_tiles;
}

bool winograd_pays_once(const torch::Tensor& x) {
  if (!x.is_cpu() || x.scalar_type() != torch::kFloat || torch::GradMode::is_enabled() || !winograd_pays(x)) {
    return false;
  }
  // For a pair of channels: transforming a filter costs as much as convolving so many pixels directly, and a tile's 36
  // products as much as three pixels'. Measured on two AVX-512 cores, 1280 channels.
  constexpr int64_t pixels_of_filter = 600;
  constexpr int64_t pixels_of_tile = 3;
  constexpr int64_t tile = 4;
  const int64_t tiles = x.size(0) * ((x.size(2) + tile - 1) / tile) * ((x.size(3) + tile - 1) / tile);
  return x.size(0) * x.size(2) * x.size(3) > pixels_of_tile * tiles + pixels_of_filter;
}

FastConvolution::FastConvolution(torch::Tensor weight, torch::Tensor bias, Form form, ConvMode mode)
    : weight_(std::move(weight)), bias_(std::move(bias)), form_(std::move(form)), mode_(mode) {
  const int64_t kernel = weight_.size(-1);
  const bool plain = !form_.upsampled && !form_.modulates;
  check(weight_.size(-2) == kernel && (kernel == 3 || (kernel == 7 && plain)), ErrorKind::Internal,
        "a fast convolution is 3x3, or 7x7 without doubling and modulation");
}

const WinogradWeights& FastConvolution::packed() const {
  std::call_once(once_, [this] {
    WinogradWeights::Shape shape;
    shape.in = weight_.size(1);
    shape.out = weight_.size(0);
    shape.depth_taps = is_volume(weight_) ? weight_.size(2) : 1;
    shape.kernel = weight_.size(-1);
    shape.upsampled = form_.upsampled;
    shape.modulates = form_.modulates;
    const auto weight = weight_.detach().contiguous();
    const auto bias = bias_.defined() ? bias_.detach().contiguous() : bias_;
    packed_ = std::make_unique<const WinogradWeights>(shape, weight.data_ptr<float>(), data_or_null(bias));
  });
  return *packed_;
}

bool FastConvolution::is_winograd(const torch::Tensor& x) const {
  if (mode_ == ConvMode::Direct || winograd_lanes() == 0) return false;
  if (!x.is_cpu() || x.scalar_type() != torch::kFloat || x.numel() == 0) return false;
  if (torch::GradMode::is_enabled() && (x.requires_grad() || weight_.requires_grad())) return false;
  return mode_ == ConvMode::Winograd || winograd_pays(x);
}

// To few channels, from whole vectors of them, and with nothing round it.
bool FastConvolution::is_narrow(const torch::Tensor& x) const {
  const bool plain = !form_.scale.defined() && !form_.upsampled && !form_.activate && !form_.modulates;
  return mode_ == ConvMode::Auto && plain && !is_volume(weight_) && bias_.defined() &&
         weight_.size(0) <= kMostNarrowOutputs && weight_.size(1) % kNarrowLanes == 0 && has_narrow_convolution() &&
         is_winograd(x);
}

// What is recorded is seen by LibTorch's profilers and by `animate bench --layers` (models/operation_cost.cpp).
torch::Tensor FastConvolution::narrow(const torch::Tensor& x) const {
  RECORD_FUNCTION("animate::narrow", (std::vector<c10::IValue>{x, weight_, form_.upsampled, form_.modulates}));
  const auto in = x.contiguous(torch::MemoryFormat::ChannelsLast);
  std::call_once(once_, [this] { narrow_weight_ = weight_.detach().permute({2, 3, 0, 1}).contiguous(); });
  auto out = torch::empty({x.size(0), weight_.size(0), x.size(2), x.size(3)});
  NarrowConvolution convolution;
  convolution.input = in.data_ptr<float>();
  convolution.output = out.data_ptr<float>();
  convolution.batch = x.size(0);
  convolution.height = x.size(2);
  convolution.width = x.size(3);
  convolution.in = x.size(1);
  convolution.out = weight_.size(0);
  convolution.kernel = weight_.size(-1);
  convolution.weight = narrow_weight_.data_ptr<float>();
  convolution.bias = bias_.data_ptr<float>();
  convolve_narrow(convolution, at::get_num_threads());
  return out;
}

torch::Tensor FastConvolution::forward(const torch::Tensor& x, const torch::Tensor& residual) const {
  if (!residual.defined() && is_narrow(x)) return narrow(x);
  if (is_winograd(x)) {
    const auto added = residual.defined() ? residual.contiguous(channels_last(x)) : residual;
    WinogradFusion fusion;
    fusion.residual = data_or_null(added);
    return winograd(x, fusion);
  }
  auto y = direct(x);
  return residual.defined() ? y.add_(residual) : y;
}

torch::Tensor FastConvolution::modulate(const torch::Tensor& x, const torch::Tensor& content,
                                        const InstanceStatistics& statistics) const {
  check(form_.modulates, ErrorKind::Internal, "a plain convolution is asked to modulate");
  if (is_winograd(x)) {
    const auto modulated = content.contiguous(channels_last(x));
    WinogradFusion fusion;
    fusion.modulation = {data_or_null(modulated), data_or_null(statistics.mean), data_or_null(statistics.deviation)};
    return winograd(x, fusion);
  }
  const auto both = torch::conv2d(x.contiguous(), weight_, bias_, 1, 1).chunk(2, 1);
  const auto shape = std::array<int64_t, 4>{content.size(0), content.size(1), 1, 1};
  auto y = (content - statistics.mean.view(shape)).mul_(statistics.deviation.view(shape)).mul_(both[0]).add_(both[1]);
  return form_.activate ? torch::leaky_relu_(y, form_.negative_slope) : y;
}

torch::Tensor FastConvolution::direct(const torch::Tensor& x) const {
  // With the channels last LibTorch would bring the weights, often far larger than the map, into that order every time.
  auto in = x.contiguous();
  if (form_.scale.defined()) {
    std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
    shape[1] = x.size(1);
    in = torch::addcmul(form_.shift.view(shape), x, form_.scale.view(shape)).relu_();
  }
  if (form_.upsampled) {
    in = is_volume(weight_) ? torch::upsample_nearest3d(in, {in.size(2), in.size(3) * 2, in.size(4) * 2})
                            : torch::upsample_nearest2d(in, {in.size(2) * 2, in.size(3) * 2});
  }
  const int64_t margin = weight_.size(-1) / 2;
  auto y = is_volume(weight_) ? torch::conv3d(in, weight_, bias_, 1, {weight_.size(2) / 2, margin, margin})
                              : torch::conv2d(in, weight_, bias_, 1, margin);
  if (!form_.activate) return y;
  return form_.negative_slope == 0 ? y.relu_() : torch::leaky_relu_(y, form_.negative_slope);
}

torch::Tensor FastConvolution::winograd(const torch::Tensor& x, WinogradFusion fusion) const {
  RECORD_FUNCTION("animate::winograd", (std::vector<c10::IValue>{x, weight_, form_.upsampled, form_.modulates}));
  const auto format = channels_last(x);
  const auto in = x.contiguous(format);
  const int64_t channels = form_.modulates ? weight_.size(0) / 2 : weight_.size(0);
  auto size = x.sizes().vec();
  size[1] = channels;
  if (form_.upsampled) {
    size[size.size() - 1] *= 2;
    size[size.size() - 2] *= 2;
  }
  auto out = torch::empty(size, in.options().memory_format(format));

  WinogradRun::Maps maps;
  maps.input = in.data_ptr<float>();
  maps.output = out.data_ptr<float>();
  maps.batch = x.size(0);
  maps.depth = is_volume(weight_) ? x.size(2) : 1;
  maps.height = x.size(-2);
  maps.width = x.size(-1);
  fusion.scale = data_or_null(form_.scale);
  fusion.shift = data_or_null(form_.shift);
  fusion.activate = form_.activate;
  fusion.negative_slope = static_cast<float>(form_.negative_slope);
  WinogradRun(packed(), maps, fusion, at::get_num_threads()).compute();
  return out;
}

InstanceStatistics instance_statistics(const torch::Tensor& x) {
  if (!x.is_cpu() || x.scalar_type() != torch::kFloat || x.requires_grad()) {
    // As two means, not as the mean of squares less the square of the mean, which cancels.
    const auto mean = x.mean({2, 3}, /*keepdim=*/true);
    const auto variance = (x - mean).square_().mean({2, 3});
    return {mean.flatten(1), (variance + kInstanceEps).rsqrt_()};
  }
  const auto in = x.contiguous(torch::MemoryFormat::ChannelsLast);
  InstanceStatistics out{torch::empty({x.size(0), x.size(1)}), torch::empty({x.size(0), x.size(1)})};
  pixel_moments(in.data_ptr<float>(), {x.size(0), x.size(2) * x.size(3), x.size(1)}, at::get_num_threads(),
                out.mean.data_ptr<float>(), out.deviation.data_ptr<float>());
  out.deviation.add_(kInstanceEps).rsqrt_();
  return out;
}

torch::Tensor convolve_pixels(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias) {
  return at::linear(x.movedim(1, -1), weight.flatten(1), bias).movedim(-1, 1);
}

}  // namespace animate::core::nn
