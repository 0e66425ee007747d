#include "core/autocast.h"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>

#include "base/error.h"
#include "core/device.h"
#include "core/torch_version.h"

namespace animate::core {
namespace {

// LibTorch 2.4 gave these functions the device as an argument; the old ones are due to go.
#if ANIMATE_TORCH_AT_LEAST(2, 4)
bool enabled(torch::DeviceType type) { return at::autocast::is_autocast_enabled(type); }
void enable(torch::DeviceType type, bool on) {
  at::autocast::set_autocast_enabled(type, on);
  if (on) at::autocast::set_autocast_dtype(type, torch::kBFloat16);
}
#else
bool enabled(torch::DeviceType type) {
  return type == torch::kCPU ? at::autocast::is_cpu_enabled() : at::autocast::is_enabled();
}
void enable(torch::DeviceType type, bool on) {
  if (type == torch::kCPU) {
    at::autocast::set_cpu_enabled(on);
    if (on) at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
  } else {
    at::autocast::set_enabled(on);
    if (on) at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
  }
}
#endif

}  // namespace

Autocast::Autocast(const torch::Device& device, bool on) : type_(device.type()), before_(enabled(type_)) {
  enable(type_, on);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  // Weights that were cast are remembered until the outermost region ends: the optimiser changes them behind it.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  enable(type_, before_);
}

bool wants_autocast(Switch choice, const torch::Device& device) {
  if (choice == Switch::Off) return false;
  const bool possible = computes_bfloat16(device);
  check(possible || choice == Switch::Auto, ErrorKind::Usage, "--amp on: {}; leave it out",
        device.is_cuda() ? "this GPU does not compute in bfloat16" : "is for CUDA, and this run is on the CPU");
  return possible;
}

}  // namespace animate::core
