#include <algorithm>
#include <array>

#include "core/nn/fast_conv/winograd.h"
#include "core/nn/fast_conv/winograd_kernels.h"

// The filter's side of Winograd's method: U = G g G^T for every pair of input and output channel, done once, and laid
// out so that the kernels read it from beginning to end. Computed in double and rounded to float last.
//
//   packed   [phase][panel][point][piece][row = depth tap * padded_in + channel in][panel width]
//
//            one matrix, which the kernel multiplies by:     lanes   lanes
//                                           row 0          | left  | right |
//                                           row 1          | left  | right |   left, right: output channels
//                                           ...
//
// Channels beyond `in` and `out` have weights of zero, so the kernels need no special case for the last vector.
namespace animate::core::nn {
namespace {

constexpr int64_t kPhases = 4;

// Filter transforms G of F(4, 3), F(4, 2) and F(4, 4), [points][taps]. A convolution is a product of polynomials, and
// Winograd's method multiplies their values at some points. Row i evaluates the filter at the point p_i: it is
// (1, p_i, p_i^2, ...) / N_i, where N_i is the product of all p_i - p_j of the finite points, the denominator in
// Lagrange's interpolation. The point at infinity takes the last tap as it is.
//
//   F(4, 3)   0, 1, -1, 2, -2, infinity
//   F(4, 2)   0, 1, -1, 2, infinity
//   F(4, 4)   0, 1, -1, 2, -2, 1/2, -1/2     (seven finite points; infinity is not used)
//
// The order of the points and the factors 1 / N_i must match the input and output transforms in
// winograd_transforms-inl.h: together they are exact, changing only one of the two files gives wrong sums.
constexpr std::array<std::array<double, 3>, 6> kFilter3{{{1.0 / 4, 0, 0},
                                                         {-1.0 / 6, -1.0 / 6, -1.0 / 6},
                                                         {-1.0 / 6, 1.0 / 6, -1.0 / 6},
                                                         {1.0 / 24, 1.0 / 12, 1.0 / 6},
                                                         {1.0 / 24, -1.0 / 12, 1.0 / 6},
                                                         {0, 0, 1}}};
constexpr std::array<std::array<double, 2>, 5> kFilter2{
    {{1.0 / 2, 0}, {-1.0 / 2, -1.0 / 2}, {-1.0 / 6, 1.0 / 6}, {1.0 / 6, 1.0 / 3}, {0, 1}}};

constexpr std::array<std::array<double, 4>, 7> kFilter4{{{-1, 0, 0, 0},
                                                         {-2.0 / 9, -2.0 / 9, -2.0 / 9, -2.0 / 9},
                                                         {-2.0 / 9, 2.0 / 9, -2.0 / 9, 2.0 / 9},
                                                         {1.0 / 90, 1.0 / 45, 2.0 / 45, 4.0 / 45},
                                                         {1.0 / 90, -1.0 / 45, 2.0 / 45, -4.0 / 45},
                                                         {32.0 / 45, 16.0 / 45, 8.0 / 45, 4.0 / 45},
                                                         {32.0 / 45, -16.0 / 45, 8.0 / 45, -4.0 / 45}}};

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

// What a filter of 3 does to a map doubled by nearest neighbours, at every second place: two of its taps meet the same
// pixel of the small map and are added up.
//
//   small map           a       b       c
//   doubled map        a a     b b     c c
//   phase 0  (first b)   w0    w1w2               = w0 * a + (w1 + w2) * b
//   phase 1  (second b)        w0w1    w2         = (w0 + w1) * b + w2 * c
constexpr std::array<double, 2> meet(const std::array<double, 3>& w, int64_t phase) {
  return phase == 0 ? std::array<double, 2>{w[0], w[1] + w[2]} : std::array<double, 2>{w[0] + w[1], w[2]};
}

// The same in the plane: along the rows first, then along the columns.
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

// One of the four pieces of a filter of 7. The piece to the right reads the inputs 4 pixels further on, which is
// exactly the tile next to this one, so both pieces use tiles that are transformed only once.
//
//         taps 0..3   taps 4..6
//       +-----------+---------+---+
//       |  piece 0  | piece 1 | 0 |     the filter is filled up to 8 x 8 with zeros
//       +-----------+---------+---+
//       |  piece 2  | piece 3 | 0 |
//       +-----------+---------+---+
//       |     0     |    0    | 0 |
//       +-----------+---------+---+
std::array<std::array<double, 4>, 4> piece_of(const float* filter, size_t piece) {
  std::array<std::array<double, 4>, 4> taps{};
  for (size_t i = 0; i < 4; ++i) {
    for (size_t j = 0; j < 4; ++j) {
      const size_t y = piece / 2 * 4 + i;
      const size_t x = piece % 2 * 4 + j;
      if (y < 7 && x < 7) taps[i][j] = filter[y * 7 + x];
    }
  }
  return taps;
}

}  // namespace

// Where the transformed filters go, see the top of this file.
class WinogradWeights::Packing {
 public:
  explicit Packing(WinogradWeights& weights)
      : weights_(weights),
        shape_(weights.shape_),
        panel_(winograd_panel(weights.lanes_)),
        pieces_(winograd_pieces(shape_.kernel) * winograd_pieces(shape_.kernel)),
        points_(winograd_points(shape_.kernel, shape_.upsampled)),
        length_(shape_.depth_taps * weights.padded_in_) {
    // A modulation needs gamma and beta of a channel at the same time, so they share a panel and meet in registers:
    //
    //   plain       | out 0 .. lanes-1   | out lanes .. 2*lanes-1 |
    //   modulates   | gamma 0 .. lanes-1 | beta 0 .. lanes-1      |
    gammas_ = shape_.modulates ? shape_.out / 2 : 0;
    panels_ =
        shape_.modulates ? round_up(gammas_, weights.lanes_) / weights.lanes_ : round_up(shape_.out, panel_) / panel_;
    const int64_t phases = shape_.upsampled ? kPhases : 1;
    clear(weights_.packed_, phases * panels_ * points_ * pieces_ * length_ * panel_);
    clear(weights_.bias_, panels_ * panel_);
  }

  // Of output channel `out`, among all panels.
  int64_t place(int64_t out) const {
    if (!shape_.modulates) return out;
    const int64_t channel = out % gammas_;
    return channel / weights_.lanes_ * panel_ + (out < gammas_ ? 0 : weights_.lanes_) + channel % weights_.lanes_;
  }

  // The filter from one channel (and depth tap) to another.
  void store_filter(const float* filter, int64_t out, int64_t row) const {
    if (shape_.kernel == 7) {
      for (int64_t piece = 0; piece < pieces_; ++piece) {
        store(0, piece, out, row, transform_filter(kFilter4, piece_of(filter, static_cast<size_t>(piece))));
      }
      return;
    }
    std::array<std::array<double, 3>, 3> taps{};
    for (size_t i = 0; i < 9; ++i) taps[i / 3][i % 3] = filter[i];
    if (!shape_.upsampled) return store(0, 0, out, row, transform_filter(kFilter3, taps));
    for (int64_t phase = 0; phase < kPhases; ++phase) {
      store(phase, 0, out, row, transform_filter(kFilter2, phase_filter(taps, phase / 2, phase % 2)));
    }
  }

 private:
  static void clear(AlignedBuffer& buffer, int64_t size) {
    buffer.reserve(static_cast<size_t>(size));
    std::fill_n(buffer.data(), size, 0.0F);
  }

  template <size_t Points>
  void store(int64_t phase, int64_t piece, int64_t out, int64_t row,
             const std::array<double, Points>& transformed) const {
    const int64_t at = place(out);
    const int64_t panel = phase * panels_ + at / panel_;
    for (size_t point = 0; point < Points; ++point) {
      const int64_t matrix = (panel * points_ + static_cast<int64_t>(point)) * pieces_ + piece;
      weights_.packed_.data()[(matrix * length_ + row) * panel_ + at % panel_] = static_cast<float>(transformed[point]);
    }
  }

  WinogradWeights& weights_;
  const Shape& shape_;
  int64_t panel_, pieces_, points_, length_, gammas_, panels_;
};

WinogradWeights::WinogradWeights(const Shape& shape, const float* weight, const float* bias)
    : shape_(shape), padded_in_(round_up(shape.in, winograd_lanes())), lanes_(winograd_lanes()) {
  const Packing packing(*this);
  for (int64_t out = 0; bias != nullptr && out < shape.out; ++out) bias_.data()[packing.place(out)] = bias[out];
  const int64_t taps = shape.kernel * shape.kernel;
#pragma omp parallel for
  for (int64_t out = 0; out < shape.out; ++out) {
    for (int64_t in = 0; in < shape.in; ++in) {
      for (int64_t tap = 0; tap < shape.depth_taps; ++tap) {
        const float* const filter = weight + ((out * shape.in + in) * shape.depth_taps + tap) * taps;
        packing.store_filter(filter, out, tap * padded_in_ + in);
      }
    }
  }
}

}  // namespace animate::core::nn
