#include "core/right_convolutions.h"

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <c10/core/InferenceMode.h>

#include <array>
#include <mutex>
#include <vector>

#include "base/log.h"

namespace animate {
namespace {

// Small whole numbers, the same every time: random ones would move the generator of whoever has seeded it.
at::Tensor pattern(at::IntArrayRef size) {
  int64_t count = 1;
  for (const int64_t side : size) count *= side;
  return at::arange(count, at::kFloat).mul_(5).remainder_(7).sub_(3).view(size);
}

// Memory that the convolution will get to work in, full of large numbers.
void leave_dirt() {
  std::vector<at::Tensor> dirt;
  for (int i = 0; i < 40; ++i) dirt.push_back(at::full({int64_t{1} << (10 + i % 8)}, 1e3));
}

bool try_convolutions(int64_t batch) {
  const c10::InferenceMode guard;
  for (const int64_t channels : {24, 34}) {  // no multiples of a vector's 16 or 8
    const auto x = pattern({batch, channels, 17, 22});
    const auto weight = pattern({16, channels, 3, 3});
    leave_dirt();
    const auto found = at::conv2d(x, weight, {}, 1, 1);
    const auto exact = at::conv2d(x.to(at::kDouble), weight.to(at::kDouble), {}, 1, 1);
    // Written so that a NaN fails.
    if (!((found - exact).abs().max().item<double>() < 1e-3)) return false;
  }
  return true;
}

// How many want LibTorch to convolve without oneDNN.
std::mutex switch_mutex;
int avoiding = 0;

}  // namespace

bool convolves_rightly(int64_t batch) {
  // From the second map on one more makes no difference.
  static const std::array<bool, 2> right{try_convolutions(1), try_convolutions(2)};
  return right[batch > 1 ? 1 : 0];
}

bool batches_are_right(const c10::Device& device, int64_t batch) {
  return batch <= 1 || !device.is_cpu() || convolves_rightly(batch);
}

RightConvolutions::RightConvolutions(int64_t batch) : avoids_(!convolves_rightly(batch)) {
  if (!avoids_) return;
  const std::lock_guard lock(switch_mutex);
  if (avoiding++ > 0) return;
  log::debug("this LibTorch's oneDNN convolves batches wrongly (known of oneDNN 3.7): they are convolved without it");
  at::globalContext().setUserEnabledMkldnn(false);
}

RightConvolutions::~RightConvolutions() {
  if (!avoids_) return;
  const std::lock_guard lock(switch_mutex);
  if (--avoiding == 0) at::globalContext().setUserEnabledMkldnn(true);
}

}  // namespace animate
