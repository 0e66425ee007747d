#include "core/nn/fast_conv/winograd.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/nn/fast_conv/winograd_kernels.h"

namespace animate::nn {
namespace {

constexpr int64_t kPhases = 4;

// Filter transforms G of F(4, 3) and F(4, 2) at the points of the kernels, [points][taps].
constexpr std::array<std::array<double, 3>, 6> kFilter3{{{1.0 / 4, 0, 0},
                                                         {-1.0 / 6, -1.0 / 6, -1.0 / 6},
                                                         {-1.0 / 6, 1.0 / 6, -1.0 / 6},
                                                         {1.0 / 24, 1.0 / 12, 1.0 / 6},
                                                         {1.0 / 24, -1.0 / 12, 1.0 / 6},
                                                         {0, 0, 1}}};
constexpr std::array<std::array<double, 2>, 5> kFilter2{
    {{1.0 / 2, 0}, {-1.0 / 2, -1.0 / 2}, {-1.0 / 6, 1.0 / 6}, {1.0 / 6, 1.0 / 3}, {0, 1}}};

// G g G^T for a filter of `Taps` squared.
template <size_t Points, size_t Taps>
std::array<double, Points * Points> transform_filter(const std::array<std::array<double, Taps>, Points>& matrix,
                                                     const std::array<std::array<double, Taps>, Taps>& filter) {
  std::array<double, Points * Points> out{};
  for (size_t i = 0; i < Points; ++i) {
    std::array<double, Taps> row{};
    for (size_t k = 0; k < Taps; ++k) {
      for (size_t l = 0; l < Taps; ++l) row[l] += matrix[i][k] * filter[k][l];
    }
    for (size_t j = 0; j < Points; ++j) {
      for (size_t l = 0; l < Taps; ++l) out[i * Points + j] += row[l] * matrix[j][l];
    }
  }
  return out;
}

// What a filter of 3 does to a doubled map at every second place: the doubled neighbours fall together.
constexpr std::array<double, 2> meet(const std::array<double, 3>& w, int64_t phase) {
  return phase == 0 ? std::array<double, 2>{w[0], w[1] + w[2]} : std::array<double, 2>{w[0] + w[1], w[2]};
}

std::array<std::array<double, 2>, 2> phase_filter(const std::array<std::array<double, 3>, 3>& w, int64_t phase_y,
                                                  int64_t phase_x) {
  std::array<std::array<double, 2>, 2> small{};
  std::array<std::array<double, 2>, 3> narrow{};
  for (size_t row = 0; row < 3; ++row) narrow[row] = meet(w[row], phase_x);
  for (size_t column = 0; column < 2; ++column) {
    const auto tall = meet({narrow[0][column], narrow[1][column], narrow[2][column]}, phase_y);
    small[0][column] = tall[0];
    small[1][column] = tall[1];
  }
  return small;
}

int64_t second_level_cache_floats() {
  static const int64_t floats = [] {
    const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
    return (bytes > 0 ? bytes : 1024 * 1024) / static_cast<int64_t>(sizeof(float)) * 2;
  }();
  return floats;
}

int64_t round_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

}  // namespace

WinogradWeights::WinogradWeights(const Shape& shape, const float* weight, const float* bias)
    : shape_(shape), lanes_(winograd_lanes()) {
  padded_in_ = round_up(shape.in, lanes_);
  const int64_t panel = winograd_panel(lanes_);
  // Gamma and beta of the same channels lie in one panel, so that they meet in registers.
  const int64_t gammas = shape.modulates ? shape.out / 2 : 0;
  const int64_t panels = shape.modulates ? (gammas + lanes_ - 1) / lanes_ : (shape.out + panel - 1) / panel;
  const auto place = [&](int64_t out) {
    if (!shape.modulates) return out;
    const int64_t channel = out % gammas;
    return channel / lanes_ * panel + (out < gammas ? 0 : lanes_) + channel % lanes_;
  };
  const int64_t points = winograd_points(shape.upsampled);
  const int64_t length = shape.depth_taps * padded_in_;
  const int64_t phases = shape.upsampled ? kPhases : 1;
  packed_.reserve(static_cast<size_t>(phases * panels * points * length * panel));
  std::fill_n(packed_.data(), packed_.size(), 0.0F);
  bias_.reserve(static_cast<size_t>(panels * panel));
  std::fill_n(bias_.data(), bias_.size(), 0.0F);
  for (int64_t out = 0; bias != nullptr && out < shape.out; ++out) bias_.data()[place(out)] = bias[out];

  const auto store = [&](int64_t phase, int64_t out, int64_t row, const auto& transformed) {
    const int64_t at = place(out);
    float* const to = packed_.data() + (phase * panels + at / panel) * points * length * panel + at % panel;
    for (size_t point = 0; point < transformed.size(); ++point) {
      to[(static_cast<int64_t>(point) * length + row) * panel] = static_cast<float>(transformed[point]);
    }
  };
#pragma omp parallel for
  for (int64_t out = 0; out < shape.out; ++out) {
    for (int64_t in = 0; in < shape.in; ++in) {
      for (int64_t tap = 0; tap < shape.depth_taps; ++tap) {
        const float* const from = weight + ((out * shape.in + in) * shape.depth_taps + tap) * 9;
        std::array<std::array<double, 3>, 3> filter{};
        for (size_t i = 0; i < 9; ++i) filter[i / 3][i % 3] = from[i];
        const int64_t row = tap * padded_in_ + in;
        if (!shape.upsampled) {
          store(0, out, row, transform_filter(kFilter3, filter));
          continue;
        }
        for (int64_t phase = 0; phase < kPhases; ++phase) {
          store(phase, out, row, transform_filter(kFilter2, phase_filter(filter, phase / 2, phase % 2)));
        }
      }
    }
  }
}

WinogradRun::WinogradRun(const WinogradWeights& weights, const Maps& maps, const WinogradFusion& fusion,
                         int64_t threads)
    : weights_(weights), maps_(maps), fusion_(fusion), threads_(std::max<int64_t>(threads, 1)) {
  tiles_y_ = (maps.height + kWinogradTile - 1) / kWinogradTile;
  tiles_x_ = (maps.width + kWinogradTile - 1) / kWinogradTile;
  columns_ = maps.batch * tiles_y_ * tiles_x_;
  // All the weights pass by once for every block, from a cache or memory that the cores share: blocks twice as large as
  // a core's second-level cache were fastest, although they leave it.
  constexpr int64_t kFewestRows = 48;
  const int64_t per_column = winograd_points(weights.shape_.upsampled) * (maps.depth + weights.shape_.depth_taps - 1) *
                             (weights.padded_in_ + winograd_panel(weights.lanes_));
  const int64_t fewest = (kFewestRows + maps.depth - 1) / maps.depth;
  const int64_t fitting = std::min(columns_, std::max(second_level_cache_floats() / per_column, fewest));
  // As many blocks for every thread as for the others.
  blocks_ = std::min(columns_, round_up((columns_ + fitting - 1) / fitting, threads_));
  columns_per_block_ = (columns_ + blocks_ - 1) / blocks_;
  blocks_ = (columns_ + columns_per_block_ - 1) / columns_per_block_;
}

void WinogradRun::compute() const {
#pragma omp parallel for num_threads(static_cast <int>(threads_)) schedule(dynamic)
  for (int64_t i = 0; i < blocks_; ++i) compute_block(i);
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
  block.upsampled = shape.upsampled;
  block.packed = weights_.packed_.data();
  block.bias = weights_.bias_.data();
  block.fusion = fusion_;
  block.modulates = shape.modulates;
  block.tiles_y = tiles_y_;
  block.tiles_x = tiles_x_;
  block.first_column = index * columns_per_block_;
  block.columns = std::min(columns_per_block_, columns_ - block.first_column);
  transformed.reserve(static_cast<size_t>(winograd_transformed_size(block)));
  products.reserve(static_cast<size_t>(winograd_products_size(block)));
  block.transformed = transformed.data();
  block.products = products.data();
  winograd_compute(block);
}

}  // namespace animate::nn
