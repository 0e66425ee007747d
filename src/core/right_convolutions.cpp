#include "core/right_convolutions.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/ops/mkldnn_convolution_native.h>
#include <c10/core/InferenceMode.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <tuple>
#include <vector>

#include "base/log.h"

namespace animate::core {
namespace {

// oneDNN's widest vector in bytes; whole numbers of it are whole numbers of the narrower ones too.
constexpr int64_t kVector = 64;

// [B, C, …] -> [B, C + missing, …], the new channels zero.
at::Tensor with_channels(const at::Tensor& tensor, int64_t missing) {
  std::vector<int64_t> padding(2 * static_cast<size_t>(tensor.dim() - 1), 0);
  padding.back() = missing;
  return at::constant_pad_nd(tensor, padding);
}

// Stands in for aten::mkldnn_convolution: new channels are zero in map and weight, so the sums are the same.
at::Tensor convolve_whole_vectors(const at::Tensor& input, const at::Tensor& weight,
                                  const c10::optional<at::Tensor>& bias, at::IntArrayRef padding,
                                  at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups) {
  const int64_t vector = kVector / std::max<int64_t>(1, static_cast<int64_t>(input.element_size()));
  const int64_t missing = (vector - input.size(1) % vector) % vector;
  // Groups have kernels of their own, which are right.
  if (groups != 1 || missing == 0) {
    return at::native::mkldnn_convolution(input, weight, bias, padding, stride, dilation, groups);
  }
  return at::native::mkldnn_convolution(with_channels(input, missing), with_channels(weight, missing), bias, padding,
                                        stride, dilation, groups);
}

// Small whole numbers, the same every time: random ones would move the generator of whoever has seeded it.
at::Tensor pattern(at::IntArrayRef size) {
  int64_t count = 1;
  for (const int64_t side : size) count *= side;
  return at::arange(count, at::kFloat).mul_(5).remainder_(7).sub_(3).view(size);
}

// Memory that the convolution will get to work in, full of what shows even where it is multiplied by zero.
void leave_dirt() {
  std::vector<at::Tensor> dirt;
  for (int i = 0; i < 60; ++i) {
    dirt.push_back(at::full({int64_t{1} << (9 + i % 10)}, std::numeric_limits<float>::quiet_NaN()));
  }
}

// Written so that a NaN is far.
bool near(const at::Tensor& found, const at::Tensor& exact) {
  return (found - exact).abs().max().item<double>() < 1e-3 * (1 + exact.abs().max().item<double>());
}

// Channels that are no whole number of vectors of 8, of 16, of both; the fault needs large maps, or more of them than
// threads.
struct Trial {
  int64_t batch, channels, side;
};
std::array<Trial, 5> trials() {
  const int64_t many = 2 * static_cast<int64_t>(at::get_num_threads()) + 1;
  return {{{many, 12, 17}, {many, 24, 17}, {many, 34, 17}, {1, 17, 64}, {1, 24, 64}}};
}

bool gradients_are_right() {
  const c10::InferenceMode guard;
  for (const auto& [batch, channels, side] : trials()) {
    const auto x = pattern({batch, channels, side, side});
    const auto weight = pattern({20, channels, 3, 3});
    const auto gradient = pattern({batch, 20, side, side});
    const auto back = [&](at::ScalarType type) {
      return at::convolution_backward(gradient.to(type), x.to(type), weight.to(type), at::IntArrayRef{20}, {1, 1},
                                      {1, 1}, {1, 1}, false, {0, 0}, 1, {true, true, true});
    };
    const auto exact = back(at::kDouble);
    leave_dirt();
    const auto found = back(at::kFloat);
    if (!near(std::get<0>(found), std::get<0>(exact)) || !near(std::get<1>(found), std::get<1>(exact))) return false;
  }
  return true;
}

// How many want LibTorch to convolve without oneDNN.
std::mutex switch_mutex;
int avoiding = 0;

void put_ours_in_place() {
  static torch::Library ours(torch::Library::IMPL, "aten", c10::DispatchKey::CPU, __FILE__, __LINE__);
  ours.impl("mkldnn_convolution", &convolve_whole_vectors);
}

}  // namespace

bool convolutions_are_right() {
  const c10::InferenceMode guard;
  for (const auto& [batch, channels, side] : trials()) {
    const auto x = pattern({batch, channels, side, side});
    const auto weight = pattern({20, channels, 3, 3});
    const auto exact = at::conv2d(x.to(at::kDouble), weight.to(at::kDouble), {}, 1, 1);
    leave_dirt();
    if (!near(at::conv2d(x, weight, {}, 1, 1), exact)) return false;
  }
  return true;
}

void mend_convolutions() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (!at::globalContext().userEnabledMkldnn() || convolutions_are_right()) return;
    put_ours_in_place();
    if (convolutions_are_right()) {
      log::debug("this LibTorch's oneDNN convolves wrongly (known of oneDNN 3.7): it gets padded channels");
      return;
    }
    log::warn("this LibTorch's oneDNN convolves wrongly: it is left out, which makes everything slower");
    at::globalContext().setUserEnabledMkldnn(false);
  });
}

RightGradients::RightGradients() {
  mend_convolutions();
  static const bool right = gradients_are_right();
  avoids_ = !right;
  if (!avoids_) return;
  const std::lock_guard lock(switch_mutex);
  if (avoiding++ > 0) return;
  log::debug("this LibTorch's oneDNN gets gradients wrong (known of oneDNN 3.7): training goes without it");
  at::globalContext().setUserEnabledMkldnn(false);
}

RightGradients::~RightGradients() {
  if (!avoids_) return;
  const std::lock_guard lock(switch_mutex);
  if (--avoiding == 0) at::globalContext().setUserEnabledMkldnn(true);
}

}  // namespace animate::core
