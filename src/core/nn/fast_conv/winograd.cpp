#include "core/nn/fast_conv/winograd.h"

#include <unistd.h>

#include <algorithm>

#include "core/nn/fast_conv/winograd_kernels.h"

namespace animate::core::nn {
namespace {

int64_t second_level_cache_floats() {
  static const int64_t floats = [] {
    const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
    return (bytes > 0 ? bytes : 1024 * 1024) / static_cast<int64_t>(sizeof(float));
  }();
  return floats;
}

}  // namespace

WinogradRun::WinogradRun(const WinogradWeights& weights, const Maps& maps, const WinogradFusion& fusion,
                         int64_t threads)
    : weights_(weights), maps_(maps), fusion_(fusion), threads_(std::max<int64_t>(threads, 1)) {
  tiles_y_ = (maps.height + kWinogradTile - 1) / kWinogradTile;
  tiles_x_ = (maps.width + kWinogradTile - 1) / kWinogradTile;
  // The pieces of a filter share the tiles of a row.
  const bool by_row = winograd_pieces(weights.shape_.kernel) > 1;
  runs_ = by_row ? maps.batch * tiles_y_ : 1;
  run_ = by_row ? tiles_x_ : maps.batch * tiles_y_ * tiles_x_;
  const int64_t fitting = std::min(run_, wanted_columns());
  // As many blocks for every thread as for the others.
  const int64_t fair = by_row ? 1 : threads_;
  blocks_per_run_ = std::min(run_, round_up((run_ + fitting - 1) / fitting, fair));
  columns_per_block_ = (run_ + blocks_per_run_ - 1) / blocks_per_run_;
  blocks_per_run_ = (run_ + columns_per_block_ - 1) / columns_per_block_;
}

// All the weights pass by once for every block, from a cache or memory that the cores share: so many rows of products
// that this is cheap, and blocks twice as large as a core's second-level cache, were fastest; with a filter's pieces,
// whose weights are many, twice as many rows.
int64_t WinogradRun::wanted_columns() const {
  const WinogradWeights::Shape& shape = weights_.shape_;
  const int64_t pieces = winograd_pieces(shape.kernel);
  const int64_t fewest_rows = 128 * pieces;
  const int64_t per_column = winograd_points(shape.kernel, shape.upsampled) * (maps_.depth + shape.depth_taps - 1) *
                             (weights_.padded_in_ + winograd_panel(weights_.lanes_));
  return std::max(2 * second_level_cache_floats() / per_column, (fewest_rows + maps_.depth - 1) / maps_.depth);
}

void WinogradRun::compute() const {
#pragma omp parallel for num_threads(static_cast <int>(threads_)) schedule(dynamic)
  for (int64_t i = 0; i < runs_ * blocks_per_run_; ++i) compute_block(i);
}

void WinogradRun::compute_block(int64_t index) const {
  // Kept between calls: after a thread's first frame nothing is allocated.
  thread_local AlignedBuffer transformed;
  thread_local AlignedBuffer products;
  const WinogradWeights::Shape& shape = weights_.shape_;
  WinogradBlock block;
  block.input = maps_.input;
  block.output = maps_.output;
  block.depth = maps_.depth;
  block.height = maps_.height;
  block.width = maps_.width;
  block.in = shape.in;
  block.padded_in = weights_.padded_in_;
  block.out = shape.modulates ? shape.out / 2 : shape.out;
  block.depth_taps = shape.depth_taps;
  block.kernel = shape.kernel;
  block.upsampled = shape.upsampled;
  block.packed = weights_.packed_.data();
  block.bias = weights_.bias_.data();
  block.fusion = fusion_;
  block.modulates = shape.modulates;
  block.tiles_y = tiles_y_;
  block.tiles_x = tiles_x_;
  const int64_t first = index % blocks_per_run_ * columns_per_block_;
  block.first_column = index / blocks_per_run_ * run_ + first;
  block.columns = std::min(columns_per_block_, run_ - first);
  transformed.reserve(static_cast<size_t>(winograd_transformed_size(block)));
  products.reserve(static_cast<size_t>(winograd_products_size(block)));
  block.transformed = transformed.data();
  block.products = products.data();
  winograd_compute(block);
}

}  // namespace animate::core::nn
