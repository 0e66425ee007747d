#pragma once

#include <torch/types.h>

namespace animate::evaluate {

// Pictures are [1, 3, H, W] in [0, 1]; both must be of one size and on one device. Computed in double precision.

// Mean of |a - b| over pixels and channels, 0..1 (models/fomm/README.md#evaluation).
double mean_absolute_difference(const torch::Tensor& a, const torch::Tensor& b);

// 10 log10(1 / mean (a - b)^2) in dB; infinite for equal pictures.
double peak_signal_to_noise(const torch::Tensor& a, const torch::Tensor& b);

// Structural similarity (Wang et al., IEEE Transactions on Image Processing 2004) with an 11 x 11 Gaussian window of
// sigma 1.5, K1 = 0.01, K2 = 0.03, the range 1; windows that lie in the picture, channels averaged. At most 1.
// The picture must be at least 11 x 11.
double structural_similarity(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace animate::evaluate
