#pragma once

#include <torch/types.h>

#include <cstdint>

#include "animate/image.h"

namespace animate::core {

// Picture -> [1, 3, height, width] in [0, 1], resized as the original programs do (core/resize.h); the aspect ratio is
// not kept.
torch::Tensor to_tensor(const Image& image, int64_t height, int64_t width);

// The same at its own size: levels / 255.
torch::Tensor to_tensor(const Image& image);

// The same for bytes [B, H, W, 3] that are on a device already -> [B, 3, H, W], with the same numbers to the bit.
torch::Tensor from_bytes(const torch::Tensor& bytes);

// How a float becomes a byte: half to even as the original's demo does (models/fomm/README.md#rounding), or cut off as
// in its picture strips.
enum class Rounding { HalfEven, Truncate };

// [1, 3, H, W] in [0, 1] on any device -> picture; values outside are clamped.
Image to_image(const torch::Tensor& tensor, Rounding rounding = Rounding::HalfEven);

// Any number of such frames [B, 3, H, W] as bytes [B, H, W, 3], on the device where they are.
torch::Tensor to_bytes(const torch::Tensor& frames, Rounding rounding = Rounding::HalfEven);

// Bytes [H, W, 3] in the computer's memory -> picture.
Image image_of_bytes(const torch::Tensor& bytes);

}  // namespace animate::core
