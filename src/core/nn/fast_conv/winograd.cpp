#include "core/nn/fast_conv/winograd.h"

#include <unistd.h>

#include <algorithm>

#include "core/nn/fast_conv/winograd_kernels.h"

// How a batch of maps is cut into blocks, and blocks handed to threads. The arithmetic is in winograd_kernels.cpp.
//
// A block must be small enough for its transformed inputs and products to stay in cache between the steps, and large
// enough to be worth reading all weights for. Any cut is correct: blocks write different outputs and share only inputs.
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
  // With one piece the tiles of the whole batch form one long run; a block may go on from one row or image to the next.
  // A filter of 7 is cut into pieces that read the tiles to the right and below, so a block stays in one row of tiles:
  //
  //   one piece   run_ = all tiles   |0 1 2 3 4|5 6 7 8 9|...    (rows of tiles joined)
  //   pieces      run_ = tiles_x     |0 1|2 3|  |4 5|6 7|  ...   (runs_ = batch * tiles_y)
  const bool by_row = winograd_pieces(weights.shape_.kernel) > 1;
  runs_ = by_row ? maps.batch * tiles_y_ : 1;
  run_ = by_row ? tiles_x_ : maps.batch * tiles_y_ * tiles_x_;
  const int64_t fitting = std::min(run_, wanted_columns());
  // Rounded up to a multiple of the threads, so that none waits for another's last block. Rows are many and give that
  // by themselves. The last two lines spread the tiles evenly over these blocks and drop blocks that would stay empty.
  const int64_t fair = by_row ? 1 : threads_;
  blocks_per_run_ = std::min(run_, round_up((run_ + fitting - 1) / fitting, fair));
  columns_per_block_ = (run_ + blocks_per_run_ - 1) / blocks_per_run_;
  blocks_per_run_ = (run_ + columns_per_block_ - 1) / columns_per_block_;
}

// Tiles in a block. Every block reads all the weights once, from a cache or memory that the cores share. Two sizes are
// worked out and the larger one wins; both factors were found by measuring:
//   - the block's numbers fill twice a core's second-level cache (transformed inputs and one panel of products);
//   - its matrices have at least 128 rows, twice as many for a filter of 7, which has four times the weights.
int64_t WinogradRun::wanted_columns() const {
  const WinogradWeights::Shape& shape = weights_.shape_;
  const int64_t pieces = winograd_pieces(shape.kernel);
  const int64_t fewest_rows = 128 * pieces;
  const int64_t per_column = winograd_points(shape.kernel, shape.upsampled) * (maps_.depth + shape.depth_taps - 1) *
                             (weights_.padded_in_ + winograd_panel(weights_.lanes_));
  return std::max(2 * second_level_cache_floats() / per_column, (fewest_rows + maps_.depth - 1) / maps_.depth);
}

void WinogradRun::compute() const {
// Dynamic: blocks at the border or at the end of a run take less time than others.
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
  // The last block of a run may be shorter than the others.
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
