#pragma once

#include <torch/types.h>

#include "animate/image.h"

namespace animate::models::autoencoder {

// A picture of a face as the networks are shown it (models/autoencoder/README.md#pictures): its shorter side brought to
// 64 pixels by PIL's antialiased filter, then the middle -> [1, 3, 64, 64] in [0, 1]. Throws as core::resize_and_crop.
torch::Tensor face_tensor(const Image& picture);

// The same as bytes [3, 64, 64]: a quarter of the memory, for sets of faces.
torch::Tensor face_bytes(const Image& picture);

// Bytes [B, 3, 64, 64] -> [0, 1], float, on the device where they are.
inline torch::Tensor from_face_bytes(const torch::Tensor& bytes) { return bytes.to(torch::kFloat) / 255; }

}  // namespace animate::models::autoencoder
