#include "train/discriminator.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "core/autocast.h"
#include "core/heatmap.h"

namespace animate::train {
namespace {

constexpr double kEps = 1e-5;
constexpr double kSlope = 0.2;

torch::Tensor unit(const torch::Tensor& vector) { return vector / vector.norm().clamp_min(1e-12); }

// Affine instance normalisation without running statistics.
struct InstanceNormImpl : torch::nn::Module {
  explicit InstanceNormImpl(int64_t channels) {
    weight = register_parameter("weight", torch::ones({channels}));
    bias = register_parameter("bias", torch::zeros({channels}));
  }
  torch::Tensor forward(const torch::Tensor& x) {
    return torch::instance_norm(x, weight, bias, {}, {}, /*use_input_stats=*/true, 0.1, kEps, /*cudnn_enabled=*/true);
  }
  torch::Tensor weight, bias;
};

// conv 4 x 4 -> norm (not in the first) -> leaky ReLU -> average pool 2 x 2 (not in the last)
struct BlockImpl : torch::nn::Module {
  BlockImpl(int64_t in, int64_t out, bool with_norm, bool with_pool, bool spectral) : pool(with_pool) {
    conv = register_module("conv", CriticConv2d(in, out, 4, spectral));
    if (with_norm) norm = register_module("norm", std::make_shared<InstanceNormImpl>(out));
  }
  torch::Tensor forward(const torch::Tensor& x) {
    auto y = conv->forward(x);
    if (norm) y = norm->forward(y);
    y = torch::leaky_relu(y, kSlope);
    return pool ? torch::avg_pool2d(y, 2) : y;
  }
  CriticConv2d conv{nullptr};
  std::shared_ptr<InstanceNormImpl> norm;
  bool pool;
};

// A dot would split the name: "0.5" is stored as "0-5".
std::string stored_name(std::string scale) {
  std::replace(scale.begin(), scale.end(), '.', '-');
  return scale;
}

// The shortest side that leaves one pixel after all blocks: a block takes 3 pixels, then halves.
int64_t smallest_side(int64_t blocks) {
  int64_t side = 1;
  for (int64_t i = 0; i < blocks; ++i) side = (i == 0 ? side : 2 * side) + 3;
  return side;
}

}  // namespace

CriticConv2dImpl::CriticConv2dImpl(int64_t in, int64_t out, int64_t kernel, bool spectral) {
  // The customary initialisation of a convolution.
  const double bound = 1 / std::sqrt(static_cast<double>(in * kernel * kernel));
  const auto fresh_weight = torch::empty({out, in, kernel, kernel}).uniform_(-bound, bound);
  const auto fresh_bias = torch::empty({out}).uniform_(-bound, bound);
  if (!spectral) {
    weight = register_parameter("weight", fresh_weight);
    bias = register_parameter("bias", fresh_bias);
    return;
  }
  bias = register_parameter("bias", fresh_bias);
  weight = register_parameter("weight_orig", fresh_weight);
  weight_u = register_buffer("weight_u", unit(torch::randn({out})));
  weight_v = register_buffer("weight_v", unit(torch::randn({in * kernel * kernel})));
}

torch::Tensor CriticConv2dImpl::effective_weight() {
  if (!weight_u.defined()) return weight;
  // A power iteration in 8 bits would not settle.
  const core::Autocast full_precision(weight.device(), false);
  const auto matrix = weight.flatten(1);
  if (is_training()) {
    const torch::NoGradGuard no_grad;
    weight_v.copy_(unit(torch::mv(matrix.t(), weight_u)));
    weight_u.copy_(unit(torch::mv(matrix, weight_v)));
  }
  // Copies: the next forward changes the buffers while this one's backward is still to come.
  const auto u = weight_u.clone();
  const auto v = weight_v.clone();
  return weight / torch::dot(u, torch::mv(matrix, v));
}

torch::Tensor CriticConv2dImpl::forward(const torch::Tensor& x) { return torch::conv2d(x, effective_weight(), bias); }

// The network of one scale.
struct DiscriminatorImpl::Critic : torch::nn::Module {
  Critic(int64_t in, const DiscriminatorConfig& config) {
    const auto features = [&config](int64_t i) { return std::min(config.max_features, config.block_expansion << i); };
    const auto list = register_module("down_blocks", std::make_shared<torch::nn::Module>());
    for (int64_t i = 0; i < config.num_blocks; ++i) {
      auto block = std::make_shared<BlockImpl>(i == 0 ? in : features(i), features(i + 1), i > 0,
                                               i + 1 < config.num_blocks, config.spectral_norm);
      blocks.push_back(list->register_module(std::to_string(i), std::move(block)));
    }
    conv = register_module("conv", CriticConv2d(features(config.num_blocks), 1, 1, config.spectral_norm));
  }

  Judgement forward(const torch::Tensor& x) {
    Judgement out;
    for (const auto& block : blocks)
      out.features.push_back(block->forward(out.features.empty() ? x : out.features.back()));
    out.prediction = conv->forward(out.features.back());
    return out;
  }

  std::vector<std::shared_ptr<BlockImpl>> blocks;
  CriticConv2d conv{nullptr};
};

DiscriminatorImpl::DiscriminatorImpl(const models::fomm::Config& model, const DiscriminatorConfig& config)
    : config_(config) {
  const auto scopes = register_module("discs", std::make_shared<torch::nn::Module>());
  const int64_t in = model.num_channels + (config.use_kp ? model.num_kp : 0);
  for (const Scale& scale : config.scales) {
    critics_.push_back(scopes->register_module(stored_name(scale.name), std::make_shared<Critic>(in, config)));
  }
}

std::vector<Judgement> DiscriminatorImpl::forward(const Pyramid& pyramid, const torch::Tensor& keypoints) {
  std::vector<Judgement> judgements;
  for (size_t i = 0; i < critics_.size(); ++i) {
    const auto level = pyramid.find(config_.scales[i].name);
    check(level != pyramid.end(), ErrorKind::Internal, "the pyramid has no level {}", config_.scales[i].name);
    auto x = level->second;
    check(std::min(x.size(2), x.size(3)) >= smallest_side(config_.num_blocks), ErrorKind::Model,
          "a pyramid level of {}x{} pixels is too small for a discriminator of {} blocks, which needs {}; leave its "
          "scale out of 'discriminator_params.scales' or train with larger frames",
          x.size(3), x.size(2), config_.num_blocks, smallest_side(config_.num_blocks));
    if (config_.use_kp) {
      const auto heatmap = core::keypoints_to_gaussian(keypoints.detach(), x.size(2), x.size(3), config_.kp_variance);
      x = torch::cat({x, heatmap}, 1);
    }
    judgements.push_back(critics_[i]->forward(x));
  }
  return judgements;
}

}  // namespace animate::train
