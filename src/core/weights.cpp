#include "core/weights.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "checkpoint/safetensors_writer.h"

namespace animate::core {
namespace {

constexpr const char* kCounter = "num_batches_tracked";

void collect_names(const torch::nn::Module& module, const std::string& prefix, std::vector<std::string>& names) {
  for (const auto& item : module.named_parameters(/*recurse=*/false)) names.push_back(prefix + item.key());
  for (const auto& item : module.named_buffers(/*recurse=*/false)) names.push_back(prefix + item.key());
  for (const auto& item : module.named_children()) collect_names(*item.value(), prefix + item.key() + ".", names);
}

std::string list_names(const std::string& label, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  constexpr size_t most = 10;
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most));
  std::string text = fmt::format("; {} {}: {}", names.size(), label, fmt::join(names.begin(), end, ", "));
  if (names.size() > most) text += ", …";
  return text;
}

std::span<std::byte> bytes_of(const torch::Tensor& tensor) {
  return {static_cast<std::byte*>(tensor.data_ptr()), static_cast<size_t>(tensor.nbytes())};
}

std::map<std::string, torch::Tensor> state_of(torch::nn::Module& module) {
  std::map<std::string, torch::Tensor> state;
  for (const auto& item : module.named_parameters()) state[item.key()] = item.value();
  for (const auto& item : module.named_buffers()) state[item.key()] = item.value();
  return state;
}

// In blocks: torch::isfinite makes three temporaries as large as the weight.
bool all_finite(const torch::Tensor& tensor) {
  constexpr int64_t block = 1 << 16;
  const auto flat = tensor.reshape({-1});
  for (int64_t begin = 0; begin < flat.numel(); begin += block) {
    if (!torch::isfinite(flat.slice(0, begin, begin + block)).all().item<bool>()) return false;
  }
  return true;
}

void check_finite(const torch::Tensor& tensor, const checkpoint::CheckpointScope& scope, const std::string& name,
                  const std::string& what) {
  if (tensor.is_floating_point() && !all_finite(tensor)) {
    fail(ErrorKind::Model, "{}: the weight {} of {} holds NaN or infinite values; get an undamaged checkpoint",
         scope.checkpoint().name(), name, what);
  }
}

}  // namespace

torch::ScalarType to_scalar_type(checkpoint::DType dtype) {
  switch (dtype) {
    case checkpoint::DType::F64: return torch::kFloat64;
    case checkpoint::DType::F32: return torch::kFloat32;
    case checkpoint::DType::F16: return torch::kFloat16;
    case checkpoint::DType::BF16: return torch::kBFloat16;
    case checkpoint::DType::I64: return torch::kInt64;
    case checkpoint::DType::I32: return torch::kInt32;
    case checkpoint::DType::I16: return torch::kInt16;
    case checkpoint::DType::I8: return torch::kInt8;
    case checkpoint::DType::U8: return torch::kUInt8;
    case checkpoint::DType::Bool: return torch::kBool;
  }
  fail(ErrorKind::Internal, "an element type without a LibTorch counterpart");
}

checkpoint::DType to_dtype(torch::ScalarType type) {
  for (const checkpoint::DType dtype :
       {checkpoint::DType::F64, checkpoint::DType::F32, checkpoint::DType::F16, checkpoint::DType::BF16,
        checkpoint::DType::I64, checkpoint::DType::I32, checkpoint::DType::I16, checkpoint::DType::I8,
        checkpoint::DType::U8, checkpoint::DType::Bool}) {
    if (to_scalar_type(dtype) == type) return dtype;
  }
  fail(ErrorKind::Internal, "tensors of type {} cannot be written", c10::toString(type));
}

torch::Tensor read_tensor(const checkpoint::CheckpointScope& scope, const std::string& name) {
  const checkpoint::ArrayInfo& info = scope.info(name);
  auto tensor = torch::empty(info.shape, torch::TensorOptions().dtype(to_scalar_type(info.dtype)));
  scope.read(name, bytes_of(tensor));
  return tensor;
}

// Reads straight into the tensor's memory where types agree, so that loading costs the weights once.
void fill_tensor(torch::Tensor& target, const checkpoint::CheckpointScope& scope, const std::string& name,
                 const std::string& what) {
  const bool direct =
      target.is_cpu() && target.is_contiguous() && target.scalar_type() == to_scalar_type(scope.info(name).dtype);
  if (!direct) return fill_tensor(target, read_tensor(scope, name), scope, name, what);
  const torch::NoGradGuard no_grad;
  scope.read(name, bytes_of(target));
  check_finite(target, scope, name, what);
}

void fill_tensor(torch::Tensor& target, const torch::Tensor& numbers, const checkpoint::CheckpointScope& scope,
                 const std::string& name, const std::string& what) {
  const torch::NoGradGuard no_grad;
  target.copy_(numbers);
  check_finite(target, scope, name, what);
}

std::string shape_text(c10::IntArrayRef shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

void refuse_misfits(const std::string& file, const std::string& what, const std::vector<std::string>& missing,
                    const std::vector<std::string>& unexpected, const std::vector<std::string>& reshaped) {
  if (missing.empty() && unexpected.empty() && reshaped.empty()) return;
  fail(ErrorKind::Model, "{}: the weights of {} do not fit the config; give the config they were trained with{}{}{}",
       file, what, list_names("missing", missing), list_names("unexpected", unexpected),
       list_names("of another shape", reshaped));
}

std::vector<std::string> state_names(const torch::nn::Module& module) {
  std::vector<std::string> names;
  collect_names(module, "", names);
  return names;
}

void load_state(torch::nn::Module& module, const checkpoint::CheckpointScope& scope, const std::string& what,
                const std::vector<std::string>& ignored) {
  auto state = state_of(module);
  std::vector<std::string> missing;
  std::vector<std::string> unexpected;
  std::vector<std::string> reshaped;
  std::vector<std::string> uncounted;
  for (const std::string& name : state_names(module)) {
    if (!scope.contains(name)) {
      // What batch normalisation counts in training has no part in the result; converters leave it out.
      (name.ends_with(kCounter) ? uncounted : missing).push_back(name);
    } else if (scope.info(name).shape != state.at(name).sizes().vec()) {
      reshaped.push_back(fmt::format("{} is {}, the config asks for {}", name, shape_text(scope.info(name).shape),
                                     shape_text(state.at(name).sizes())));
    }
  }
  for (const std::string& name : scope.names()) {
    const bool skipped = std::any_of(ignored.begin(), ignored.end(),
                                     [&name](const std::string& prefix) { return name.starts_with(prefix); });
    if (!state.contains(name) && !skipped) unexpected.push_back(name);
  }
  refuse_misfits(scope.checkpoint().name(), what, missing, unexpected, reshaped);
  if (!uncounted.empty()) {
    log::debug("{}: {} has no {}, which only training needs", scope.checkpoint().name(), what, kCounter);
  }
  for (auto& [name, tensor] : state) {
    if (scope.contains(name)) fill_tensor(tensor, scope, name, what);
  }
}

std::vector<std::string> load_matching_state(torch::nn::Module& module, const checkpoint::CheckpointScope& scope,
                                             const std::string& what) {
  std::vector<std::string> left;
  for (auto& [name, tensor] : state_of(module)) {
    if (scope.contains(name) && scope.info(name).shape == tensor.sizes().vec()) {
      fill_tensor(tensor, scope, name, what);
    } else {
      left.push_back(name);
    }
  }
  return left;
}

void save_tensors(const std::filesystem::path& path, const std::map<std::string, torch::Tensor>& tensors,
                  const std::map<std::string, std::string>& metadata) {
  std::vector<torch::Tensor> kept;
  std::vector<checkpoint::ArrayToWrite> arrays;
  for (const auto& [name, tensor] : tensors) {
    kept.push_back(tensor.detach().to(torch::kCPU).contiguous());
    checkpoint::ArrayInfo info{to_dtype(tensor.scalar_type()), kept.back().sizes().vec(), kept.back().strides().vec()};
    arrays.push_back({name, std::move(info), bytes_of(kept.back())});
  }
  checkpoint::write_safetensors(path, arrays, metadata);
}

}  // namespace animate::core
