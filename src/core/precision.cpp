#include "core/precision.h"

#include <ATen/Context.h>

#include "base/error.h"
#include "base/log.h"
#include "core/device.h"

namespace animate {
namespace {

Precision tensor_cores(torch::ScalarType type) {
  Precision precision(type);
  precision.tf32 = true;
  precision.channels_last = true;
  return precision;
}

}  // namespace

Precision choose_precision(const std::string& word, const torch::Device& device) {
  if (word == "fp32") return {};
  if (!device.is_cuda()) {
    if (word != "auto") log::warn("{} is for CUDA only; running in fp32 on the {}", word, device.str());
    return {};
  }
  if (word == "auto" || word == "tf32") return tensor_cores(torch::kFloat);
  if (word == "fp16") return tensor_cores(torch::kHalf);
  check(word == "bf16", ErrorKind::Internal, "{} is no precision", word);
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

}  // namespace animate
