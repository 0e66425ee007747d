#pragma once

#include <torch/types.h>

namespace animate::core {

// What one sheet of the original's visualiser shows. Images [B, 3, H, W] in [0, 1]; keypoints [B, K, 2] in [-1, 1].
// Undefined tensors leave their column out; source, driving and prediction are needed.
struct VisualizerInput {
  torch::Tensor source, source_keypoints;
  torch::Tensor transformed, transformed_keypoints;  // training only
  torch::Tensor driving, driving_keypoints;
  torch::Tensor deformed;
  torch::Tensor prediction;
  torch::Tensor applied_keypoints;  // draws the prediction once more, with keypoints as they were applied
  torch::Tensor occlusion_map;      // [B, 1, h, w]
  torch::Tensor sparse_deformed;    // [B, K + 1, 3, h, w], with mask [B, K + 1, h, w]: training only
  torch::Tensor mask;
};

struct VisualizerOptions {
  double kp_size = 5;        // radius of the discs in pixels
  bool draw_border = false;  // white first and last pixel columns of every panel
};

// The sheet (models/fomm/README.md#visualiser): panels side by side, batch items stacked, values cut to 8 bits.
// -> [B H, panels W, 3] uint8 on the CPU.
torch::Tensor visualize(const VisualizerInput& input, const VisualizerOptions& options);

}  // namespace animate::core
