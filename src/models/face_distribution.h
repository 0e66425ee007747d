#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <string>

#include "checkpoint/checkpoint.h"

namespace animate::models {

// Mean and covariance of rows that come in pieces: all of them pooled, in double precision, whatever the pieces are
// (Chan's update; models/autoencoder/README.md#distribution). Not thread-safe.
class PooledCovariance {
 public:
  // rows [B, Z] of any type and device.
  void add(const torch::Tensor& rows);

  int64_t count() const { return count_; }
  // [Z], double. At least one row.
  torch::Tensor mean() const { return mean_; }
  // [Z, Z], double, divided by count - 1. At least two rows.
  torch::Tensor covariance() const { return scatter_ / static_cast<double>(count_ - 1); }

 private:
  int64_t count_ = 0;
  torch::Tensor mean_;
  torch::Tensor scatter_;  // sum of the products of deviations from the mean
};

// A Gaussian of codes, as far as its leading directions: what faces are drawn from. A plain value; all tensors are
// double and on the CPU.
struct FaceDistribution {
  torch::Tensor mean;        // [Z]
  torch::Tensor variances;   // [K], falling, at least 0
  torch::Tensor directions;  // [K, Z], rows of length 1

  int64_t length() const { return mean.size(0); }
  // How many normal numbers a draw takes.
  int64_t draws() const { return variances.size(0); }

  // mean + temperature * sum_j n_j sqrt(variance_j) direction_j, for normals [N, K] -> [N, Z]. With numpy's factor of a
  // covariance these are the draws of its multivariate_normal.
  torch::Tensor at(const torch::Tensor& normals, double temperature = 1) const;

  // The directions that hold `share` of all variance, largest first. The covariance [Z, Z] counts as its symmetric
  // part, and what is negative by rounding as 0. Throws Error(Model) where it is not finite.
  static FaceDistribution of(const torch::Tensor& mean, const torch::Tensor& covariance, double share = 1);

  // Arrays as they are stored beside weights (below "distribution."): mean, variances, directions.
  std::map<std::string, torch::Tensor> arrays() const;
};

// A distribution out of a file: ours, or mean and covariance as numpy.savez wrote them (arr_0 and arr_1, or mean and
// cov). Throws Error(Model) naming the file for arrays that are missing, not finite or of shapes that do not fit.
FaceDistribution read_distribution(const checkpoint::CheckpointScope& scope);

// Normal numbers [count, width], double: a function of the seed alone, the same on every machine but for the last bits
// of its logarithm.
torch::Tensor seeded_normals(int64_t count, int64_t width, uint64_t seed);

}  // namespace animate::models
