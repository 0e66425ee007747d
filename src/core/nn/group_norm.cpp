#include "core/nn/group_norm.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "core/nn/fast_conv/pixel_moments.h"
#include "core/nn/in_place.h"
#include "core/nn/rows.h"
#include "core/nn/stage_observer.h"

namespace animate::core::nn {
namespace {

// What a channel's numbers are multiplied by and what is added then, [N, C] each.
struct ScaleAndShift {
  torch::Tensor scale, shift;
};

// Channels' moments joined to those of their groups (Chan, Golub and LeVeque, 1979), in double: a group's variance is
// what its channels vary, and what their means differ.
ScaleAndShift of_groups(const torch::Tensor& rows, int64_t groups, const torch::Tensor& weight,
                        const torch::Tensor& bias, double eps) {
  const int64_t images = rows.size(0);
  const int64_t channels = rows.size(2);
  const int64_t width = channels / groups;
  const auto mean = torch::empty({images, channels});
  const auto variance = torch::empty({images, channels});
  pixel_moments(rows.data_ptr<float>(), {images, rows.size(1), channels}, at::get_num_threads(), mean.data_ptr<float>(),
                variance.data_ptr<float>());
  ScaleAndShift all{torch::empty({images, channels}), torch::empty({images, channels})};
  const float* const means = mean.data_ptr<float>();
  const float* const variances = variance.data_ptr<float>();
  const float* const weights = weight.data_ptr<float>();
  const float* const biases = bias.data_ptr<float>();
  float* const scales = all.scale.data_ptr<float>();
  float* const shifts = all.shift.data_ptr<float>();
  for (int64_t group = 0; group < images * groups; ++group) {
    const int64_t first = group * width;  // images follow each other as groups do
    double middle = 0;
    for (int64_t i = first; i < first + width; ++i) middle += means[i];
    middle /= static_cast<double>(width);
    double spread = 0;
    for (int64_t i = first; i < first + width; ++i) {
      const double away = means[i] - middle;
      spread += variances[i] + away * away;
    }
    const double inverse = 1 / std::sqrt(spread / static_cast<double>(width) + eps);
    for (int64_t i = first; i < first + width; ++i) {
      const int64_t channel = i % channels;
      const double scale = weights[channel] * inverse;
      scales[i] = static_cast<float>(scale);
      shifts[i] = static_cast<float>(biases[channel] - middle * scale);
    }
  }
  return all;
}

}  // namespace

GroupNormImpl::GroupNormImpl(int64_t groups, int64_t channels, double eps) : groups_(groups), eps_(eps) {
  weight = register_parameter("weight", torch::empty({channels}), /*requires_grad=*/false);
  bias = register_parameter("bias", torch::empty({channels}), /*requires_grad=*/false);
}

torch::Tensor GroupNormImpl::normalise(const torch::Tensor& x, int64_t frames) const {
  const auto rows = rows_of(x);
  const int64_t channels = x.size(1);
  const auto clips = rows.view({x.size(0) / frames, frames * rows.size(1), channels});
  const bool plain = x.is_cpu() && x.scalar_type() == torch::kFloat && weight.scalar_type() == torch::kFloat;
  if (!plain || wants_gradients(x, weight)) {
    const auto normal = torch::group_norm(clips.transpose(1, 2), groups_, weight, bias, eps_);
    return maps_like(normal.transpose(1, 2).contiguous().view(rows.sizes()), x);
  }
  const auto [scale, shift] = of_groups(clips, groups_, weight, bias, eps_);
  // One pass over memory: shift + 1 * clips * scale.
  return maps_like(torch::addcmul(shift.unsqueeze(1), clips, scale.unsqueeze(1)).view(rows.sizes()), x);
}

torch::Tensor GroupNormImpl::forward(const torch::Tensor& x, int64_t frames) const {
  auto y = normalise(x, frames);
  show_stage(*this, y);
  return y;
}

torch::Tensor GroupNormImpl::activated(const torch::Tensor& x, int64_t frames) const {
  auto y = normalise(x, frames);
  if (is_observed()) show_stage(*this, y.clone());
  return y.requires_grad() ? torch::silu(y) : torch::silu_(y);
}

}  // namespace animate::core::nn
