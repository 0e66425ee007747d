#include "models/liveportrait/spade.h"

#include <algorithm>
#include <vector>

namespace animate::models::liveportrait {
namespace {

constexpr double kSpadeEps = 1e-5;

torch::Tensor resized(const torch::Tensor& seg, int64_t height, int64_t width) {
  if (seg.size(2) == height && seg.size(3) == width) return seg;
  return torch::upsample_nearest2d(seg, {height, width});
}

torch::Tensor activate(const torch::Tensor& x) { return torch::leaky_relu(x, kSpadeSlope); }

}  // namespace

torch::nn::Conv2d spade_convolution(int64_t in, int64_t out) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1));
}

torch::Tensor instance_normalise(const torch::Tensor& x) {
  return torch::instance_norm(x, {}, {}, {}, {}, /*use_input_stats=*/true, /*momentum=*/0.1, kSpadeEps,
                              /*cudnn_enabled=*/true);
}

SpadeImpl::SpadeImpl(int64_t channels, int64_t seg_channels) {
  const auto sequence = register_module("mlp_shared", std::make_shared<torch::nn::Module>());
  mlp_shared = sequence->register_module("0", spade_convolution(seg_channels, kSpadeHidden));
  mlp_gamma = register_module("mlp_gamma", spade_convolution(kSpadeHidden, channels));
  mlp_beta = register_module("mlp_beta", spade_convolution(kSpadeHidden, channels));
}

torch::Tensor SpadeImpl::forward(const torch::Tensor& x, const torch::Tensor& seg) {
  return modulate(x, torch::relu(mlp_shared->forward(resized(seg, x.size(2), x.size(3)))));
}

torch::Tensor SpadeImpl::modulate(const torch::Tensor& x, const torch::Tensor& shared) {
  const auto normalised = instance_normalise(x);
  if (!joint_weight_.defined()) {
    return normalised * (1 + mlp_gamma->forward(shared)) + mlp_beta->forward(shared);
  }
  const auto both = torch::conv2d(shared, joint_weight_, joint_bias_, 1, 1).chunk(2, 1);
  return torch::addcmul(both[1], normalised, both[0]);
}

torch::Tensor SpadeImpl::modulate(const torch::Tensor& x, const torch::Tensor& shared,
                                  const core::nn::InstanceStatistics& statistics) {
  return fast_->modulate(shared, x, statistics);
}

void SpadeImpl::fold() {
  if (joint_weight_.defined()) return;
  const torch::NoGradGuard no_grad;
  joint_weight_ = torch::cat({mlp_gamma->weight, mlp_beta->weight});
  // The 1 of (1 + gamma) goes into the bias.
  joint_bias_ = torch::cat({mlp_gamma->bias + 1, mlp_beta->bias});
  for (const char* name : {"mlp_gamma", "mlp_beta"}) unregister_module(name);
  mlp_gamma = mlp_beta = nullptr;
  register_buffer("joint_weight", joint_weight_);
  register_buffer("joint_bias", joint_bias_);
}

void SpadeImpl::use_fast_convolutions(core::nn::ConvMode mode, std::optional<double> negative_slope) {
  core::nn::FastConvolution::Form form;
  form.modulates = true;
  form.activate = negative_slope.has_value();
  form.negative_slope = negative_slope.value_or(0);
  fast_ = std::make_shared<const core::nn::FastConvolution>(joint_weight_, joint_bias_, form, mode);
}

SpadeResnetBlockImpl::SpadeResnetBlockImpl(int64_t in, int64_t out, int64_t seg_channels) {
  const int64_t middle = std::min(in, out);
  conv_0 = register_module("conv_0", SpectralConv2d(in, middle, 3, /*with_bias=*/true));
  conv_1 = register_module("conv_1", SpectralConv2d(middle, out, 3, /*with_bias=*/true));
  if (in != out) conv_s = register_module("conv_s", SpectralConv2d(in, out, 1, /*with_bias=*/false));
  norm_0 = register_module("norm_0", Spade(in, seg_channels));
  norm_1 = register_module("norm_1", Spade(middle, seg_channels));
  if (in != out) norm_s = register_module("norm_s", Spade(in, seg_channels));
}

torch::Tensor SpadeResnetBlockImpl::forward(const torch::Tensor& x, const torch::Tensor& seg) {
  if (!shared_weight_.defined()) {
    const auto shortcut = norm_s.is_empty() ? x : conv_s->forward(norm_s->forward(x, seg));
    const auto hidden = conv_0->forward(activate(norm_0->forward(x, seg)));
    return shortcut + conv_1->forward(activate(norm_1->forward(hidden, seg)));
  }
  const auto shared = shared_maps(seg, x.size(2), x.size(3)).split(kSpadeHidden, 1);
  if (fast_0_) {
    const auto of_x = core::nn::instance_statistics(x);
    const auto shortcut = norm_s.is_empty() ? x
                                            : core::nn::convolve_pixels(norm_s->modulate(x, shared[2], of_x),
                                                                        conv_s->weight, conv_s->bias);
    const auto hidden = fast_0_->forward(norm_0->modulate(x, shared[0], of_x));
    return fast_1_->forward(norm_1->modulate(hidden, shared[1], core::nn::instance_statistics(hidden)), shortcut);
  }
  const auto shortcut = norm_s.is_empty() ? x : conv_s->forward(norm_s->modulate(x, shared[2]));
  const auto hidden = conv_0->forward(activate(norm_0->modulate(x, shared[0])));
  return shortcut + conv_1->forward(activate(norm_1->modulate(hidden, shared[1])));
}

torch::Tensor SpadeResnetBlockImpl::shared_maps(const torch::Tensor& seg, int64_t height, int64_t width) const {
  if (!fast_shared_) return torch::conv2d(resized(seg, height, width), shared_weight_, shared_bias_, 1, 1).relu_();
  if (seg.size(2) == height && seg.size(3) == width) return fast_shared_->forward(seg);
  return fast_shared_doubled_->forward(resized(seg, height / 2, width / 2));
}

void SpadeResnetBlockImpl::use_fast_convolutions(core::nn::ConvMode mode) {
  core::nn::FastConvolution::Form form;
  fast_0_ = std::make_shared<const core::nn::FastConvolution>(conv_0->weight, conv_0->bias, form, mode);
  fast_1_ = std::make_shared<const core::nn::FastConvolution>(conv_1->weight, conv_1->bias, form, mode);
  norm_0->use_fast_convolutions(mode, kSpadeSlope);
  norm_1->use_fast_convolutions(mode, kSpadeSlope);
  if (!norm_s.is_empty()) norm_s->use_fast_convolutions(mode, std::nullopt);
  form.activate = true;
  fast_shared_ = std::make_shared<const core::nn::FastConvolution>(shared_weight_, shared_bias_, form, mode);
  form.upsampled = true;
  fast_shared_doubled_ = std::make_shared<const core::nn::FastConvolution>(shared_weight_, shared_bias_, form, mode);
}

void SpadeResnetBlockImpl::fold_convolutions(bool copy_weights) {
  for (const auto& [name, conv] :
       {std::pair("conv_0", &conv_0), std::pair("conv_1", &conv_1), std::pair("conv_s", &conv_s)}) {
    if (conv->is_empty() || (*conv)->weight.defined()) continue;
    *conv = replace_module(name, (*conv)->folded(copy_weights));
  }
}

void SpadeResnetBlockImpl::fold() {
  if (shared_weight_.defined()) return;
  const torch::NoGradGuard no_grad;
  fold_convolutions(/*copy_weights=*/true);
  std::vector<torch::Tensor> weights;
  std::vector<torch::Tensor> biases;
  for (auto* norm : {&norm_0, &norm_1, &norm_s}) {
    if (norm->is_empty()) continue;
    weights.push_back((*norm)->mlp_shared->weight);
    biases.push_back((*norm)->mlp_shared->bias);
    (*norm)->unregister_module("mlp_shared");
    (*norm)->mlp_shared = nullptr;
    (*norm)->fold();
  }
  shared_weight_ = torch::cat(weights);
  shared_bias_ = torch::cat(biases);
  register_buffer("shared_weight", shared_weight_);
  register_buffer("shared_bias", shared_bias_);
}

}  // namespace animate::models::liveportrait
