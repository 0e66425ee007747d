#include "models/autoencoder/face_picture.h"

#include <cstring>

#include "core/triangle_resize.h"
#include "models/autoencoder/config.h"

namespace animate::models::autoencoder {

torch::Tensor face_tensor(const Image& picture) { return from_face_bytes(face_bytes(picture).unsqueeze(0)); }

torch::Tensor face_bytes(const Image& picture) {
  const Image small = core::resize_and_crop(picture, static_cast<int>(kSide));
  auto rows = torch::empty({kSide, kSide, 3}, torch::kUInt8);
  std::memcpy(rows.data_ptr<uint8_t>(), small.data(), small.size_bytes());
  return rows.permute({2, 0, 1}).contiguous();
}

}  // namespace animate::models::autoencoder
