#pragma once

#include <torch/types.h>

#include <cstdint>

namespace animate::models::autoencoder {

// `count` codes in a straight line, both ends included (models/autoencoder/README.md#morph):
// from + (to - from) / (count - 1) * i -> [count, …]. The last is `to` to the bit. Codes of any shape; count >= 2.
torch::Tensor straight_path(const torch::Tensor& from, const torch::Tensor& to, int64_t count);

// The code at `share` of the way, 0 to 1; the ends are `from` and `to` to the bit.
torch::Tensor between(const torch::Tensor& from, const torch::Tensor& to, double share);

// A curve without corners through all codes [N, Z] and back to the first (Catmull and Rom's, closed), `frames` codes
// from each to the next -> [N * frames, Z]. Code i is row i * frames to the bit. N >= 1.
torch::Tensor closed_curve(const torch::Tensor& codes, int64_t frames);

}  // namespace animate::models::autoencoder
