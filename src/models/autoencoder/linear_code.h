#pragma once

#include <torch/types.h>

#include <cstdint>

namespace animate::models::autoencoder {

// The best that a code of so many numbers can do if it is linear: principal components of a set of pictures. What a
// trained network is measured against (models/autoencoder/README.md#linear-code). Float, on the pictures' device.
struct LinearCode {
  torch::Tensor mean;        // [D]: the mean picture, D = 3 * height * width
  torch::Tensor directions;  // [K, D], rows of length 1, the one of most variance first
  torch::Tensor variances;   // [K], of the coordinates along them

  // Of pictures [N, 3, H, W] in [-1, 1], N >= 2. Fewer than `numbers` where there are too few pictures. By subspace
  // iteration, whose random start follows from a constant: the same pictures give the same code.
  static LinearCode fit(const torch::Tensor& pictures, int64_t numbers);

  int64_t numbers() const { return directions.size(0); }

  // Mean squared difference of pictures [N, 3, H, W] to what the first `used` numbers keep of them, over all their
  // values; 0 numbers: to the mean picture.
  double error(const torch::Tensor& pictures, int64_t used) const;

  // What is kept of pictures, and pictures drawn from the Gaussian of the codes: normals [N, K] -> [N, 3, side, side].
  torch::Tensor sample(const torch::Tensor& normals, int64_t side) const;
};

}  // namespace animate::models::autoencoder
