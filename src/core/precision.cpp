#include "core/precision.h"

#include <ATen/Context.h>

#include "base/log.h"
#include "core/device.h"

namespace animate::core {
namespace {

Precision tensor_cores(torch::ScalarType type) {
  Precision precision(type);
  precision.tf32 = true;
  precision.channels_last = true;
  return precision;
}

}  // namespace

Precision choose_precision(PrecisionChoice choice, const torch::Device& device) {
  if (choice == PrecisionChoice::Fp32) return {};
  if (!device.is_cuda()) {
    if (choice != PrecisionChoice::Auto) {
      log::warn("{} is for CUDA only; running in fp32 on the {}", word_of(choice), device.str());
    }
    return {};
  }
  if (choice == PrecisionChoice::Auto || choice == PrecisionChoice::Tf32) return tensor_cores(torch::kFloat);
  if (choice == PrecisionChoice::Fp16) return tensor_cores(torch::kHalf);
  if (computes_bfloat16(device)) return tensor_cores(torch::kBFloat16);
  log::warn("{} does not compute in bf16; running in tf32", device.str());
  return tensor_cores(torch::kFloat);
}

void apply_precision(const Precision& precision, const torch::Device& device) {
  if (!device.is_cuda()) return;
  auto& context = at::globalContext();
  context.setAllowTF32CuBLAS(precision.tf32);
  context.setAllowTF32CuDNN(precision.tf32);
  context.setBenchmarkCuDNN(true);
}

void use_layout(torch::nn::Module& module, const Precision& precision) {
  if (!precision.channels_last) return;
  const torch::NoGradGuard no_grad;
  const auto reorder = [](torch::Tensor& weight) {
    if (weight.dim() == 4) weight.set_data(weight.contiguous(torch::MemoryFormat::ChannelsLast));
  };
  for (auto& parameter : module.parameters()) reorder(parameter);
  for (auto& buffer : module.buffers()) reorder(buffer);
}

}  // namespace animate::core
