#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>

#include "heads/head_parameters.h"

namespace animate::heads {

struct RenderOptions {
  int64_t size = 256;  // side of the square pictures in pixels, 16..2048
  torch::Device device = torch::kCPU;
  int64_t chunk = 0;  // heads drawn at once, which bounds memory; 0: by the device
  // Colours alone: no light, no shadow or light that parts throw onto each other, no ink, nothing of the camera (blur,
  // noise, compression, exposure, vignette). What a place of a head looks like then does not change when it moves.
  bool flat = false;
};

// [B, 3, size, size] in [0, 1] on the device, without gradients. Tensor operations only: a chunk costs the same number
// of calls however many heads it holds, and memory for about 60 planes a head. The chunk does not
// change the pixels, but that a rounding of the block compression may fall the other way.
// Throws Error(Usage) for a size out of range.
torch::Tensor render_heads(std::span<const Head> heads, const RenderOptions& options = {});

// Ground truth (head_geometry.h) of a batch, on `device`: keypoints [B, 17, 2], frames [B, 17, 2, 2], visible [B, 17]
// (1 or 0). A model of 12 keypoints takes the first 12.
struct HeadTruths {
  torch::Tensor keypoints, frames, visible;
};
HeadTruths truths_of(std::span<const Head> heads, const torch::Device& device = torch::kCPU);

}  // namespace animate::heads
