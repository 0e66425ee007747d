#pragma once

#include <cstdint>

namespace animate::models::liveportrait {

// What the dense motion network sees of one source volume under K local motions: plain arrays, without LibTorch.
struct LocalMotions {
  const float* volume = nullptr;  // [D, H, W, C], the compressed features, channels last
  int64_t depth = 0, height = 0, width = 0, channels = 0;
  const float* driving = nullptr;  // [K, 3] in [-1, 1], x, y, z
  const float* source = nullptr;   // [K, 3]
  int64_t count = 0;               // K
  double variance = 0.01;          // of the heatmaps' Gaussians
};

// -> maps [D, H, W, (K + 1) * (1 + C)]: for the background and every motion the difference of the keypoint's Gaussians,
// driving less source (the background's is zero), then the volume sampled trilinearly at z - driving + source
// (models/liveportrait/README.md#warping-network). A shift alone, and a Gaussian, are products of what they are along
// each axis: that is computed once for an axis and not for every voxel.
void make_local_motion_maps(const LocalMotions& motions, int64_t threads, float* maps);

}  // namespace animate::models::liveportrait
