#pragma once

#include <torch/types.h>

#include <cstdint>

namespace animate::core::nn {

// softmax(q kᵀ / sqrt(width of a head)) v (Vaswani et al., NeurIPS 2017), without a mask.
//   queries [B, L, heads * d], keys and values [B, S, heads * d], float -> [B, L, heads * d]
// The matrix of scores is never there as a whole: LibTorch 2 has a kernel for that, with 1.13 blocks of queries are
// taken one after the other, so many that their scores have at most `most_bytes`. Blocks change nothing but rounding.
constexpr int64_t kScoreBytes = int64_t{32} << 20;
torch::Tensor attend(const torch::Tensor& queries, const torch::Tensor& keys, const torch::Tensor& values,
                     int64_t heads, int64_t most_bytes = kScoreBytes);

// The blocks by themselves, whatever LibTorch there is: for tests.
torch::Tensor attend_in_blocks(const torch::Tensor& queries, const torch::Tensor& keys, const torch::Tensor& values,
                               int64_t heads, int64_t most_bytes);

}  // namespace animate::core::nn
