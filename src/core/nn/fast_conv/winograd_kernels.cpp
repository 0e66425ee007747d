#include "core/nn/fast_conv/winograd_kernels.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

// The arithmetic of winograd.h; the layout of a block's memory is drawn in winograd_kernels.h. Highway includes this
// file once for every instruction set (foreach_target.h), and HWY_DYNAMIC_DISPATCH at the end picks one at run time.
// Left out are sets whose vectors have no size known when compiling (SVE, RISC-V), since tiles are cut by that size,
// and those that none of our machines is best served by (WebAssembly; SSSE3 lies between SSE2 and SSE4).
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV | HWY_WASM | HWY_SSSE3)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/nn/fast_conv/winograd_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "core/nn/fast_conv/winograd_transforms-inl.h"

HWY_BEFORE_NAMESPACE();
namespace animate::core::nn::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR
constexpr int64_t kPanel = 2 * kLanes;
// Rows of products held in registers at once, two vectors each, beside two of weights and one of the input: AVX-512 has
// 32 vector registers (2 * 12 + 3 = 27), AVX2 has 16 (2 * 6 + 3 = 15). More rows would spill to memory. (NEON has 32
// too; what 12 rows bring there has not been measured.) Highway numbers better targets lower.
constexpr int kRows = HWY_TARGET <= HWY_AVX3 ? 12 : 6;

struct Column {
  int64_t image, y, x;  // y, x: of the tile's first output, in the small map where upsampled
};

Column column_at(const WinogradBlock& b, int64_t index) {
  const int64_t tile = index % (b.tiles_y * b.tiles_x);
  return {index / (b.tiles_y * b.tiles_x), tile / b.tiles_x * kWinogradTile, tile % b.tiles_x * kWinogradTile};
}

// How many depths of a column are stored. The depths of a column are neighbours in memory, with zeros before and
// behind, so the inputs of all taps of one depth are a single run of memory: a matrix row that overlaps with the next,
// no copies.
//
//   stored, depth_taps = 3:   0  d0 d1 d2 0       row of d0: [0 d0 d1]   of d1: [d0 d1 d2]   of d2: [d1 d2 0]
int64_t stored_depth(const WinogradBlock& b) { return b.depth + b.depth_taps - 1; }

// A stride of whole pages would put all points of a tile into the same cache set.
int64_t point_stride(const WinogradBlock& b) {
  return winograd_stored_columns(b.columns, b.kernel) * stored_depth(b) * b.padded_in + kWinogradGap;
}
int64_t product_stride(const WinogradBlock& b) { return b.columns * b.depth * kPanel + kWinogradGap; }

// B^T d B for one tile, a vector of channels at a time; where kPrepared, the input becomes ReLU(x * scale + shift)
// first. Outside the map the prepared input is 0, so the padding is filled in after the ReLU, never before.
template <typename F, bool kPrepared>
void transform_tile(const WinogradBlock& b, const float* plane, int64_t y0, int64_t x0, float* to, int64_t stride) {
  constexpr int kPoints = F::kPoints;
  std::array<const float*, kPoints * kPoints> pixels;
  std::array<bool, kPoints * kPoints> inside;
  for (int i = 0; i < kPoints; ++i) {
    for (int j = 0; j < kPoints; ++j) {
      const int64_t y = y0 + i;
      const int64_t x = x0 + j;
      const int at = i * kPoints + j;
      inside[at] = y >= 0 && y < b.height && x >= 0 && x < b.width;
      pixels[at] = inside[at] ? plane + (y * b.width + x) * b.in : plane;
    }
  }
  // Most tiles: their pixels need no look at the border.
  const bool whole = std::all_of(inside.begin(), inside.end(), [](bool is) { return is; });
  for (int64_t c = 0; c < b.padded_in; c += kLanes) {
    const int64_t left = b.in - c;
    V scale = hn::Zero(kD);
    V shift = hn::Zero(kD);
    if (kPrepared) {
      scale = load_some(b.fusion.scale + c, left);
      shift = load_some(b.fusion.shift + c, left);
    }
    V rows[kPoints][kPoints];
    for (int j = 0; j < kPoints; ++j) {
      V x[kPoints];
      for (int i = 0; i < kPoints; ++i) {
        const int at = i * kPoints + j;
        if (!whole && !inside[at]) {
          x[i] = hn::Zero(kD);
          continue;
        }
        x[i] = load_some(pixels[at] + c, left);
        if (kPrepared) x[i] = hn::Max(hn::MulAdd(x[i], scale, shift), hn::Zero(kD));
      }
      V y[kPoints];
      F::input(x, y);
      for (int i = 0; i < kPoints; ++i) rows[i][j] = y[i];
    }
    for (int i = 0; i < kPoints; ++i) {
      V y[kPoints];
      F::input(rows[i], y);
      for (int j = 0; j < kPoints; ++j) hn::Store(y[j], kD, to + (i * kPoints + j) * stride + c);
    }
  }
}

// The tile whose transformed inputs are stored at `index`.
template <typename F>
Column stored_column_at(const WinogradBlock& b, int64_t index) {
  if (F::kPieces == 1) return column_at(b, b.first_column + index);
  const int64_t columns = b.columns + F::kPieces - 1;
  Column at = column_at(b, b.first_column);
  at.y += index / columns * kWinogradTile;  // the row below is stored second
  at.x += index % columns * kWinogradTile;
  return at;
}

template <typename F>
void transform_inputs(const WinogradBlock& b, int64_t phase_y, int64_t phase_x) {
  const int64_t stride = point_stride(b);
  const int64_t margin = b.depth_taps / 2;
  const int64_t plane = b.height * b.width * b.in;
  for (int64_t column = 0; column < winograd_stored_columns(b.columns, b.kernel); ++column) {
    const Column at = stored_column_at<F>(b, column);
    float* const rows = b.transformed + column * stored_depth(b) * b.padded_in;
    for (int64_t depth = 0; depth < b.depth; ++depth) {
      const float* const from = b.input + (at.image * b.depth + depth) * plane;
      float* const to = rows + (depth + margin) * b.padded_in;
      const int64_t y = at.y - F::kMargin + phase_y;
      const int64_t x = at.x - F::kMargin + phase_x;
      if (b.fusion.scale != nullptr) {
        transform_tile<F, true>(b, from, y, x, to, stride);
      } else {
        transform_tile<F, false>(b, from, y, x, to, stride);
      }
    }
    if (margin == 0) continue;  // maps, and volumes with one tap: no zeros around the depth
    const auto bytes = static_cast<size_t>(margin * b.padded_in) * sizeof(float);
    for (int64_t point = 0; point < F::kPoints * F::kPoints; ++point) {
      std::memset(rows + point * stride, 0, bytes);
      std::memset(rows + point * stride + (margin + b.depth) * b.padded_in, 0, bytes);
    }
  }
}

// c [R, panel] = a [R rows, `stride` apart, of `length`] b [length, panel], added to what c is where `adds`. Each step
// of k loads two vectors of weights and one number a row. R is a constant, so that the sums are registers, not an
// array.
template <int R>
void multiply_rows(const float* HWY_RESTRICT a, int64_t stride, const float* HWY_RESTRICT b, int64_t length, bool adds,
                   float* HWY_RESTRICT c) {
  V left[R];
  V right[R];
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r) {
    left[r] = adds ? hn::Load(kD, c + r * kPanel) : hn::Zero(kD);
    right[r] = adds ? hn::Load(kD, c + r * kPanel + kLanes) : hn::Zero(kD);
  }
  // Few base pointers, so that they stay in registers.
  const float* const bases[4] = {a, a + 3 * stride, a + 6 * stride, a + 9 * stride};
  for (int64_t k = 0; k < length; ++k) {
    const V b_left = hn::Load(kD, b + k * kPanel);
    const V b_right = hn::Load(kD, b + k * kPanel + kLanes);
#pragma GCC unroll 12
    for (int r = 0; r < R; ++r) {
      const V value = hn::Set(kD, bases[r / 3][(r % 3) * stride + k]);
      left[r] = hn::MulAdd(value, b_left, left[r]);
      right[r] = hn::MulAdd(value, b_right, right[r]);
    }
  }
#pragma GCC unroll 12
  for (int r = 0; r < R; ++r) {
    hn::Store(left[r], kD, c + r * kPanel);
    hn::Store(right[r], kD, c + r * kPanel + kLanes);
  }
}

using MultiplyRows = void (*)(const float*, int64_t, const float*, int64_t, bool, float*);

template <int... R>
constexpr std::array<MultiplyRows, sizeof...(R) + 1> make_row_kernels(std::integer_sequence<int, R...> /*rows*/) {
  return {nullptr, multiply_rows<R + 1>...};
}

constexpr auto kRowKernels = make_row_kernels(std::make_integer_sequence<int, kRows>());

// Rows in parts of nearly equal size (where kRows is 12, 13 rows as 6 + 7, not 12 + 1): with few rows each addition
// waits for the one before.
void multiply_run(const float* a, int64_t stride, int64_t rows, const float* b, int64_t length, bool adds, float* c) {
  const int64_t parts = (rows + kRows - 1) / kRows;
  for (int64_t part = 0; part < parts; ++part) {
    const int64_t begin = rows * part / parts;
    const int64_t end = rows * (part + 1) / parts;
    kRowKernels[static_cast<size_t>(end - begin)](a + begin * stride, stride, b, length, adds, c + begin * kPanel);
  }
}

// Products of one point with one piece of the filter; `rows` begin at the tile that the piece reads. With one depth tap
// the rows of all columns follow each other and are one product; else every column has zeros between it and the next.
void multiply_piece(const WinogradBlock& b, const float* rows, const float* weights, bool adds, float* products) {
  const int64_t length = b.depth_taps * b.padded_in;
  if (b.depth_taps == 1) {
    multiply_run(rows, b.padded_in, b.columns * b.depth, weights, length, adds, products);
    return;
  }
  for (int64_t column = 0; column < b.columns; ++column) {
    multiply_run(rows + column * stored_depth(b) * b.padded_in, b.padded_in, b.depth, weights, length, adds,
                 products + column * b.depth * kPanel);
  }
}

// All matrix products for some panels of output channels. The point is the outer loop: its inputs, once in cache, serve
// all of these panels. Pieces of a filter of 7 add up here, before the transform back, which then is needed only once.
template <typename F>
void multiply_points(const WinogradBlock& b, int64_t first_panel, int64_t panels) {
  constexpr int64_t kPoints = F::kPoints * F::kPoints;
  constexpr int64_t kPieces = F::kPieces * F::kPieces;
  const int64_t column = stored_depth(b) * b.padded_in;
  const int64_t matrix = b.depth_taps * b.padded_in * kPanel;
  for (int64_t point = 0; point < kPoints; ++point) {
    const float* const rows = b.transformed + point * point_stride(b);
    for (int64_t panel = 0; panel < panels; ++panel) {
      const float* const weights = b.packed + ((first_panel + panel) * kPoints + point) * kPieces * matrix;
      float* const products = b.products + (panel * kPoints + point) * product_stride(b);
      for (int64_t piece = 0; piece < kPieces; ++piece) {
        // In stored columns: the tile that this piece reads.
        const int64_t shift = piece / F::kPieces * (b.columns + F::kPieces - 1) + piece % F::kPieces;
        multiply_piece(b, rows + shift * column, weights + piece * matrix, piece > 0, products);
      }
    }
  }
}

using Tile = V[kWinogradTile][kWinogradTile];

// A^T m A and the bias, for one vector of channels of one tile.
template <typename F>
HWY_INLINE void transform_products(const float* products, int64_t stride, const float* bias, Tile& tile) {
  constexpr int kPoints = F::kPoints;
  constexpr int kTile = static_cast<int>(kWinogradTile);
  const V offset = hn::Load(kD, bias);
  V columns[kTile][kPoints];
  for (int j = 0; j < kPoints; ++j) {
    V m[kPoints];
    for (int i = 0; i < kPoints; ++i) m[i] = hn::Load(kD, products + (i * kPoints + j) * stride);
    V o[kTile];
    F::output(m, o);
    for (int i = 0; i < kTile; ++i) columns[i][j] = o[i];
  }
  for (int i = 0; i < kTile; ++i) {
    F::output(columns[i], tile[i]);
    for (int j = 0; j < kTile; ++j) tile[i][j] = hn::Add(tile[i][j], offset);
  }
}

struct Target {
  int64_t image;
  int64_t first;          // of the plane in the output
  int64_t y, x;           // of the tile's first output
  int64_t step;           // pixels between neighbouring outputs of the tile: 2 where upsampled
  int64_t height, width;  // of the output
};

// Calls use(i, j, index of the first channel in the output) for the tile's pixels inside the map.
template <typename Use>
HWY_INLINE void for_pixels(const Target& target, int64_t channels, Use use) {
  for (int i = 0; i < static_cast<int>(kWinogradTile); ++i) {
    const int64_t y = target.y + i * target.step;
    if (y >= target.height) break;
    for (int j = 0; j < static_cast<int>(kWinogradTile); ++j) {
      const int64_t x = target.x + j * target.step;
      if (x >= target.width) break;
      use(i, j, target.first + (y * target.width + x) * channels);
    }
  }
}

HWY_INLINE void finish(const WinogradBlock& b, V value, int64_t at, int64_t left) {
  if (b.fusion.activate) {
    const V slope = hn::Set(kD, b.fusion.negative_slope);
    value = hn::MulAdd(slope, hn::Min(value, hn::Zero(kD)), hn::Max(value, hn::Zero(kD)));
  }
  if (b.fusion.residual != nullptr) value = hn::Add(value, load_some(b.fusion.residual + at, left));
  store_some(value, b.output + at, left);
}

// `products` of one tile and panel.
template <typename F>
void transform_panel(const WinogradBlock& b, const float* products, int64_t panel, const Target& target) {
  const int64_t stride = product_stride(b);
  const float* const bias = b.bias + panel * kPanel;
  Tile tile;
  if (!b.modulates) {
    for (int64_t half = 0; half < 2; ++half) {
      const int64_t channel = panel * kPanel + half * kLanes;
      const int64_t left = b.out - channel;
      if (left <= 0) return;  // an odd number of vectors: the last panel is half empty
      transform_products<F>(products + half * kLanes, stride, bias + half * kLanes, tile);
      for_pixels(target, b.out, [&](int i, int j, int64_t at) { finish(b, tile[i][j], at + channel, left); });
    }
    return;
  }
  // A panel of a modulation: gamma on the left, beta of the same channels on the right.
  const WinogradModulation& modulation = b.fusion.modulation;
  const int64_t channel = panel * kLanes;
  const int64_t left = b.out - channel;
  const V mean = load_some(modulation.mean + target.image * b.out + channel, left);
  const V deviation = load_some(modulation.deviation + target.image * b.out + channel, left);
  Tile beta;
  transform_products<F>(products, stride, bias, tile);
  transform_products<F>(products + kLanes, stride, bias + kLanes, beta);
  for_pixels(target, b.out, [&](int i, int j, int64_t at) {
    const V content = load_some(modulation.content + at + channel, left);
    const V normalised = hn::Mul(hn::Sub(content, mean), deviation);
    finish(b, hn::MulAdd(normalised, tile[i][j], beta[i][j]), at + channel, left);
  });
}

template <typename F>
void transform_outputs(const WinogradBlock& b, const float* products, int64_t panel, int64_t phase_y, int64_t phase_x) {
  Target target{};
  target.step = b.upsampled ? 2 : 1;
  target.height = b.height * target.step;
  target.width = b.width * target.step;
  for (int64_t column = 0; column < b.columns; ++column) {
    const Column at = column_at(b, b.first_column + column);
    target.image = at.image;
    target.y = at.y * target.step + phase_y;
    target.x = at.x * target.step + phase_x;
    for (int64_t depth = 0; depth < b.depth; ++depth) {
      target.first = (at.image * b.depth + depth) * target.height * target.width * b.out;
      transform_panel<F>(b, products + (column * b.depth + depth) * kPanel, panel, target);
    }
  }
}

int64_t panels_of(const WinogradBlock& b) {
  const int64_t channels = b.modulates ? kLanes : kPanel;
  return (b.out + channels - 1) / channels;
}

template <typename F>
void compute_phase(const WinogradBlock& b, int64_t phase_y, int64_t phase_x) {
  transform_inputs<F>(b, phase_y, phase_x);  // once for all panels
  const int64_t panels = panels_of(b);
  for (int64_t first = 0; first < panels; first += kWinogradPanelsTogether) {
    const int64_t together = std::min(kWinogradPanelsTogether, panels - first);
    multiply_points<F>(b, first, together);  // panels in groups, so that `products` stays small
    for (int64_t panel = 0; panel < together; ++panel) {
      const float* const products = b.products + panel * F::kPoints * F::kPoints * product_stride(b);
      transform_outputs<F>(b, products, first + panel, phase_y, phase_x);
    }
  }
}

int64_t lanes() { return kLanes; }

void compute(const WinogradBlock& b) {
  if (b.kernel == 7) return compute_phase<Filter7>(b, 0, 0);
  if (!b.upsampled) return compute_phase<Filter3>(b, 0, 0);
  const int64_t panels = panels_of(b);
  const int64_t phase_size = panels * Filter2::kPoints * Filter2::kPoints * b.depth_taps * b.padded_in * kPanel;
  for (int64_t phase = 0; phase < 4; ++phase) {
    WinogradBlock of_phase = b;
    of_phase.packed += phase * phase_size;  // the phases' weights follow each other
    compute_phase<Filter2>(of_phase, phase / 2, phase % 2);
  }
}
#else
int64_t lanes() { return 0; }
void compute(const WinogradBlock& /*block*/) {}
#endif

}  // namespace
}  // namespace animate::core::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace animate::core::nn {
namespace {
HWY_EXPORT(lanes);
HWY_EXPORT(compute);
}  // namespace

int64_t winograd_lanes() { return HWY_DYNAMIC_DISPATCH(lanes)(); }

int64_t winograd_transformed_size(const WinogradBlock& b) {
  const int64_t columns = winograd_stored_columns(b.columns, b.kernel);
  return winograd_points(b.kernel, b.upsampled) * (columns * (b.depth + b.depth_taps - 1) * b.padded_in + kWinogradGap);
}

int64_t winograd_products_size(const WinogradBlock& b) {
  return kWinogradPanelsTogether * winograd_points(b.kernel, b.upsampled) *
         (b.columns * b.depth * winograd_panel(winograd_lanes()) + kWinogradGap);
}

void winograd_compute(const WinogradBlock& block) { HWY_DYNAMIC_DISPATCH(compute)(block); }

}  // namespace animate::core::nn
#endif
