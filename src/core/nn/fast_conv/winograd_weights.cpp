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

constexpr size_t kPhases = 4;

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

// Filters side by side, a lane each: [tap down][tap across][lane]. Transforming them together the compiler's vectors
// are full, and what a panel holds of one row is written as one line.
constexpr size_t kMostLanes = 32;  // two vectors of 16
using Lanes = std::array<double, kMostLanes>;
template <size_t Taps>
using Filters = std::array<std::array<Lanes, Taps>, Taps>;

// G g G^T for filters of `Taps` squared; point after point to `first`, `stride` floats apart, its lanes in a line.
template <size_t Points, size_t Taps>
void transform_filters(const std::array<std::array<double, Taps>, Points>& matrix, const Filters<Taps>& filters,
                       size_t lanes, float* first, int64_t stride) {
  for (size_t i = 0; i < Points; ++i) {
    std::array<Lanes, Taps> row{};
    for (size_t k = 0; k < Taps; ++k) {
      for (size_t l = 0; l < Taps; ++l) {
        for (size_t lane = 0; lane < lanes; ++lane) row[l][lane] += matrix[i][k] * filters[k][l][lane];
      }
    }
    for (size_t j = 0; j < Points; ++j) {
      Lanes sum{};
      for (size_t l = 0; l < Taps; ++l) {
        for (size_t lane = 0; lane < lanes; ++lane) sum[lane] += row[l][lane] * matrix[j][l];
      }
      float* const point = first + static_cast<int64_t>(i * Points + j) * stride;
      for (size_t lane = 0; lane < lanes; ++lane) point[lane] = static_cast<float>(sum[lane]);
    }
  }
}

// One filter among the others.
template <size_t Taps>
void put(const std::array<std::array<double, Taps>, Taps>& filter, size_t lane, Filters<Taps>& filters) {
  for (size_t k = 0; k < Taps; ++k) {
    for (size_t l = 0; l < Taps; ++l) filters[k][l][lane] = filter[k][l];
  }
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
  Packing(WinogradWeights& weights, const float* weight)
      : weights_(weights),
        shape_(weights.shape_),
        weight_(weight),
        panel_(winograd_panel(weights.lanes_)),
        pieces_(winograd_pieces(shape_.kernel) * winograd_pieces(shape_.kernel)),
        points_(winograd_points(shape_.kernel, shape_.upsampled)),
        phases_(shape_.upsampled ? static_cast<int64_t>(kPhases) : 1),
        length_(shape_.depth_taps * weights.padded_in_) {
    // A modulation needs gamma and beta of a channel at the same time, so they share a panel and meet in registers:
    //
    //   plain       | out 0 .. lanes-1   | out lanes .. 2*lanes-1 |
    //   modulates   | gamma 0 .. lanes-1 | beta 0 .. lanes-1      |
    gammas_ = shape_.modulates ? shape_.out / 2 : 0;
    panels_ =
        shape_.modulates ? round_up(gammas_, weights.lanes_) / weights.lanes_ : round_up(shape_.out, panel_) / panel_;
    weights_.packed_.reserve(static_cast<size_t>(phases_ * panels_ * points_ * pieces_ * length_ * panel_));
    weights_.bias_.reserve(static_cast<size_t>(panels_ * panel_));
  }

  void store_bias(const float* bias) const {
    for (int64_t place = 0; place < panels_ * panel_; ++place) {
      const int64_t out = out_at(place);
      weights_.bias_.data()[place] = bias != nullptr && out >= 0 ? bias[out] : 0;
    }
  }

  void store_filters() const {
#pragma omp parallel for
    for (int64_t line = 0; line < panels_ * length_; ++line) store_line(line / length_, line % length_);
  }

 private:
  // The output channel at a place among all panels; -1: none, its weights are 0.
  int64_t out_at(int64_t place) const {
    if (!shape_.modulates) return place < shape_.out ? place : -1;
    const int64_t channel = place / panel_ * weights_.lanes_ + place % weights_.lanes_;
    if (channel >= gammas_) return -1;
    return place % panel_ < weights_.lanes_ ? channel : gammas_ + channel;
  }

  // From output channel `out` to the input channel and depth tap of a row; null: none.
  const float* filter_of(int64_t out, int64_t row) const {
    const int64_t in = row % weights_.padded_in_;
    if (out < 0 || in >= shape_.in) return nullptr;
    const int64_t tap = row / weights_.padded_in_;
    return weight_ + ((out * shape_.in + in) * shape_.depth_taps + tap) * shape_.kernel * shape_.kernel;
  }

  // The filters from one row to the output channels of one panel.
  void store_line(int64_t panel, int64_t row) const {
    std::array<const float*, kMostLanes> sources{};
    for (int64_t lane = 0; lane < panel_; ++lane) {
      sources[static_cast<size_t>(lane)] = filter_of(out_at(panel * panel_ + lane), row);
    }
    if (shape_.kernel == 7) return store_pieces(sources, panel, row);
    Filters<3> filters{};
    std::array<Filters<2>, kPhases> doubled{};
    for (size_t lane = 0; lane < kMostLanes; ++lane) {
      if (sources[lane] == nullptr) continue;
      std::array<std::array<double, 3>, 3> taps{};
      for (size_t i = 0; i < 9; ++i) taps[i / 3][i % 3] = sources[lane][i];
      if (!shape_.upsampled) {
        put(taps, lane, filters);
        continue;
      }
      for (size_t phase = 0; phase < kPhases; ++phase) {
        put(phase_filter(taps, static_cast<int64_t>(phase) / 2, static_cast<int64_t>(phase) % 2), lane, doubled[phase]);
      }
    }
    if (!shape_.upsampled) return store(kFilter3, filters, panel, 0, row);
    for (int64_t phase = 0; phase < phases_; ++phase) {
      store(kFilter2, doubled[static_cast<size_t>(phase)], phase * panels_ + panel, 0, row);
    }
  }

  void store_pieces(const std::array<const float*, kMostLanes>& sources, int64_t panel, int64_t row) const {
    for (int64_t piece = 0; piece < pieces_; ++piece) {
      Filters<4> filters{};
      for (size_t lane = 0; lane < kMostLanes; ++lane) {
        if (sources[lane] != nullptr) put(piece_of(sources[lane], static_cast<size_t>(piece)), lane, filters);
      }
      store(kFilter4, filters, panel, piece, row);
    }
  }

  template <size_t Points, size_t Taps>
  void store(const std::array<std::array<double, Taps>, Points>& matrix, const Filters<Taps>& filters, int64_t panel,
             int64_t piece, int64_t row) const {
    const int64_t between = pieces_ * length_ * panel_;
    float* const first = weights_.packed_.data() + panel * points_ * between + (piece * length_ + row) * panel_;
    transform_filters(matrix, filters, static_cast<size_t>(panel_), first, between);
  }

  WinogradWeights& weights_;
  const Shape& shape_;
  const float* weight_;
  int64_t panel_, pieces_, points_, phases_, length_, gammas_ = 0, panels_ = 0;
};

WinogradWeights::WinogradWeights(const Shape& shape, const float* weight, const float* bias)
    : shape_(shape), padded_in_(round_up(shape.in, winograd_lanes())), lanes_(winograd_lanes()) {
  const Packing packing(*this, weight);
  packing.store_bias(bias);
  packing.store_filters();
}

}  // namespace animate::core::nn
