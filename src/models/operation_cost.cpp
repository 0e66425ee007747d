#include "models/operation_cost.h"

#include <ATen/core/Tensor.h>

#include <spdlog/fmt/fmt.h>

namespace animate::models {
namespace {

using Values = std::vector<c10::IValue>;

std::string shape_of(const at::Tensor& tensor) { return fmt::format("{}", fmt::join(tensor.sizes(), "x")); }

// The tensor at `index`, undefined where there is none.
at::Tensor tensor_at(const Values& values, size_t index) {
  return index < values.size() && values[index].isTensor() ? values[index].toTensor() : at::Tensor();
}

double bytes_of(const at::Tensor& tensor) {
  return tensor.defined() ? static_cast<double>(tensor.numel()) * static_cast<double>(tensor.element_size()) : 0;
}

double bytes_of(const Values& values) {
  double sum = 0;
  for (const c10::IValue& value : values) {
    if (value.isTensor()) sum += bytes_of(value.toTensor());
    if (value.isTensorList()) {
      for (const at::Tensor& tensor : value.toTensorVector()) sum += bytes_of(tensor);
    }
  }
  return sum;
}

double elements(const at::Tensor& tensor) { return tensor.defined() ? static_cast<double>(tensor.numel()) : 0; }

// Multiply-adds by which a weight [out, in, k...] makes one output value, or from which one input value goes on.
double taps(const at::Tensor& weight) {
  return weight.size(0) > 0 ? elements(weight) / static_cast<double>(weight.size(0)) : 0;
}

struct Call {
  std::string_view name;
  const Values& inputs;
  const Values& outputs;

  at::Tensor in(size_t index) const { return tensor_at(inputs, index); }
  at::Tensor out() const { return tensor_at(outputs, 0); }
};

bool is_transposed(const Call& call) {
  constexpr size_t flag = 6;  // of convolution() and _convolution()
  if (call.name.starts_with("conv_transpose")) return true;
  return call.name.ends_with("convolution") && call.inputs.size() > flag && call.inputs[flag].isBool() &&
         call.inputs[flag].toBool();
}

OperationCost convolution(const Call& call) {
  const auto x = call.in(0);
  const auto weight = call.in(1);
  OperationCost cost{std::string(call.name), shape_of(x), shape_of(weight), shape_of(call.out())};
  cost.flop = 2 * taps(weight) * elements(is_transposed(call) ? x : call.out());
  return cost;
}

// `first` is the position of the left factor; [.., n, k] times [k, m], or for linear() [m, k].
OperationCost product(const Call& call, size_t first) {
  const auto left = call.in(first);
  OperationCost cost{std::string(call.name), shape_of(left), shape_of(call.in(first + 1)), shape_of(call.out())};
  cost.flop = left.dim() > 0 ? 2 * elements(call.out()) * static_cast<double>(left.size(-1)) : 0;
  return cost;
}

OperationCost by_elements(const Call& call, double multiply_adds) {
  OperationCost cost{std::string(call.name), shape_of(call.in(0)), {}, shape_of(call.out())};
  cost.flop = 2 * multiply_adds * elements(call.out());
  return cost;
}

// Of core/nn/fast_conv; `kind` is winograd or narrow.
OperationCost fast_convolution(const Call& call, std::string_view kind) {
  const auto x = call.in(0);
  const auto weight = call.in(1);
  const bool upsampled = call.inputs[2].toBool();
  const bool modulates = call.inputs[3].toBool();
  auto size = x.sizes().vec();
  for (size_t i = size.size() - 2; i < size.size() && upsampled; ++i) size[i] *= 2;
  size[1] = modulates ? weight.size(0) / 2 : weight.size(0);
  OperationCost cost{fmt::format("{}{}d", kind, x.dim() - 2), shape_of(x), shape_of(weight),
                     fmt::format("{}", fmt::join(size, "x"))};
  if (upsampled) cost.operation += " upsampled";
  if (modulates) cost.operation += " modulating";
  double written = 1;
  for (const int64_t side : size) written *= static_cast<double>(side);
  cost.flop = 2 * taps(weight) * written * (modulates ? 2 : 1);
  // What is modulated is as large as what is written.
  const auto element = static_cast<double>(x.element_size());
  cost.bytes = bytes_of(x) + bytes_of(weight) + written * element * (modulates ? 2 : 1);
  return cost;
}

OperationCost cost_of(const Call& call) {
  const std::string_view name = call.name;
  const bool two = call.in(0).defined() && call.in(1).defined();
  if (name.starts_with("conv") || name == "_convolution") {
    if (two) return convolution(call);
  }
  if (name == "linear" || name == "matmul" || name == "mm" || name == "bmm") {
    if (two) return product(call, 0);
  }
  if ((name == "addmm" || name == "baddbmm") && call.in(2).defined()) return product(call, 1);
  if (name == "batch_norm" || name == "native_batch_norm") return by_elements(call, 1);
  if (name.starts_with("grid_sampler")) return by_elements(call, call.out().dim() == 5 ? 8 : 4);
  OperationCost cost;
  cost.operation = name;
  return cost;
}

}  // namespace

OperationCost operation_cost(std::string_view name, const Values& inputs, const Values& outputs) {
  constexpr std::string_view ours = "animate::";
  constexpr size_t arguments = 4;
  if (name.starts_with(ours) && inputs.size() == arguments) {
    return fast_convolution({name, inputs, outputs}, name.substr(ours.size()));
  }
  constexpr std::string_view aten = "aten::";
  OperationCost cost = cost_of({name.starts_with(aten) ? name.substr(aten.size()) : name, inputs, outputs});
  cost.bytes = bytes_of(inputs) + bytes_of(outputs);
  return cost;
}

}  // namespace animate::models
