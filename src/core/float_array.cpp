#include "core/float_array.h"

#include "base/error.h"
#include "checkpoint/array.h"

namespace animate::core {

FloatArray to_float_array(const torch::Tensor& tensor) {
  const auto flat = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  const auto* data = flat.data_ptr<float>();
  return {flat.sizes().vec(), {data, data + flat.numel()}};
}

torch::Tensor to_tensor(const FloatArray& array, const torch::Device& device) {
  check(checkpoint::checked_numel(array.shape) == static_cast<int64_t>(array.values.size()), ErrorKind::Internal,
        "a motion array of {} values does not have its shape", array.values.size());
  const auto tensor = torch::empty(array.shape, torch::kFloat32);
  std::copy(array.values.begin(), array.values.end(), tensor.data_ptr<float>());
  return tensor.to(device);
}

}  // namespace animate::core
