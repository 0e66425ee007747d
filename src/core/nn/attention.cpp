#include "core/nn/attention.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/nn/in_place.h"
#include "core/torch_version.h"

#if ANIMATE_TORCH_AT_LEAST(2, 0)
#include <ATen/ops/scaled_dot_product_attention.h>
#endif

namespace animate::core::nn {
namespace {

// [B, L, heads * d] -> [B, heads, L, d], the same memory.
torch::Tensor split_heads(const torch::Tensor& x, int64_t heads) {
  return x.view({x.size(0), x.size(1), heads, x.size(2) / heads}).transpose(1, 2);
}

// As long as gradients are wanted all scores stay in memory anyway.
torch::Tensor attend_at_once(const torch::Tensor& queries, const torch::Tensor& keys, const torch::Tensor& values,
                             int64_t heads) {
  const double scale = 1 / std::sqrt(static_cast<double>(queries.size(2) / heads));
  const auto scores = torch::matmul(split_heads(queries, heads) * scale, split_heads(keys, heads).transpose(2, 3));
  const auto attended = torch::matmul(torch::softmax(scores, -1), split_heads(values, heads));
  return attended.transpose(1, 2).reshape(queries.sizes());
}

}  // namespace

torch::Tensor attend_in_blocks(const torch::Tensor& queries, const torch::Tensor& keys, const torch::Tensor& values,
                               int64_t heads, int64_t most_bytes) {
  const int64_t batch = queries.size(0);
  const int64_t length = queries.size(1);
  const int64_t seen = keys.size(1);
  const int64_t width = queries.size(2) / heads;
  if (wants_gradients(queries, values)) return attend_at_once(queries, keys, values, heads);
  auto result = torch::empty(queries.sizes(), queries.options());
  const auto into = split_heads(result, heads);
  const double scale = 1 / std::sqrt(static_cast<double>(width));

  // Softmax makes a second matrix beside the scores.
  const int64_t bytes_of_query = 2 * heads * seen * static_cast<int64_t>(queries.element_size());
  const int64_t queries_at_once = std::max<int64_t>(1, most_bytes / bytes_of_query);
  // Short sequences, as the frames of a pixel, go many at a time; long ones in blocks of their queries.
  const int64_t sequences = std::max<int64_t>(1, queries_at_once / length);
  for (int64_t first = 0; first < batch; first += sequences) {
    const int64_t count = std::min(sequences, batch - first);
    const auto heads_of = [&](const torch::Tensor& x) {
      return split_heads(x.narrow(0, first, count), heads).reshape({count * heads, x.size(1), width});
    };
    const auto q = heads_of(queries);
    const auto k = heads_of(keys).transpose(1, 2);
    const auto v = heads_of(values);
    for (int64_t from = 0; from < length; from += queries_at_once) {
      const int64_t rows = std::min(queries_at_once, length - from);
      const auto scores = torch::bmm(q.narrow(1, from, rows) * scale, k);
      const auto block = torch::bmm(torch::softmax(scores, -1), v);
      into.narrow(0, first, count).narrow(2, from, rows).copy_(block.view({count, heads, rows, width}));
    }
  }
  return result;
}

torch::Tensor attend(const torch::Tensor& queries, const torch::Tensor& keys, const torch::Tensor& values,
                     int64_t heads, int64_t most_bytes) {
#if ANIMATE_TORCH_AT_LEAST(2, 0)
  static_cast<void>(most_bytes);
  const auto attended = at::scaled_dot_product_attention(split_heads(queries, heads), split_heads(keys, heads),
                                                         split_heads(values, heads));
  return attended.transpose(1, 2).reshape(queries.sizes());
#else
  return attend_in_blocks(queries, keys, values, heads, most_bytes);
#endif
}

}  // namespace animate::core::nn
