#include "core/tensor_image.h"

#include <cstring>

#include "core/resize.h"

namespace animate::core {

torch::Tensor to_tensor(const Image& image, int64_t height, int64_t width) {
  const auto floats = resize_smooth({image.data(), image.size_bytes()}, image.height(), image.width(), 3,
                                    static_cast<int>(height), static_cast<int>(width));
  auto tensor = torch::empty({height, width, 3}, torch::kFloat32);
  std::memcpy(tensor.data_ptr<float>(), floats.data(), floats.size() * sizeof(float));
  return tensor.permute({2, 0, 1}).unsqueeze(0).contiguous();
}

torch::Tensor to_tensor(const Image& image) {
  auto bytes = torch::empty({image.height(), image.width(), 3}, torch::kUInt8);
  std::memcpy(bytes.data_ptr<uint8_t>(), image.data(), image.size_bytes());
  return bytes.permute({2, 0, 1}).unsqueeze(0).to(torch::kFloat32).div(255).contiguous();
}

torch::Tensor from_bytes(const torch::Tensor& bytes) {
  // A tensor on the device divides; of a plain number CUDA would take the reciprocal first, and round twice.
  const auto highest = torch::full({}, 255, bytes.options().dtype(torch::kFloat32));
  return bytes.permute({0, 3, 1, 2}).to(torch::kFloat32).div(highest).contiguous();
}

torch::Tensor to_bytes(const torch::Tensor& frames, Rounding rounding) {
  const auto levels = frames.permute({0, 2, 3, 1}).mul(255).clamp(0, 255);
  // torch::round is half to even; the conversion to bytes cuts off.
  return (rounding == Rounding::HalfEven ? levels.round() : levels).to(torch::kUInt8).contiguous();
}

Image image_of_bytes(const torch::Tensor& bytes) {
  Image image(static_cast<int>(bytes.size(1)), static_cast<int>(bytes.size(0)));
  std::memcpy(image.data(), bytes.data_ptr<uint8_t>(), image.size_bytes());
  return image;
}

Image to_image(const torch::Tensor& tensor, Rounding rounding) {
  return image_of_bytes(to_bytes(tensor.narrow(0, 0, 1), rounding)[0].to(torch::kCPU));
}

}  // namespace animate::core
