// Winograd's transforms for one vector of channels, compiled anew for every instruction set: Highway's include guard,
// which lets the file in once per target.
#if defined(ANIMATE_WINOGRAD_TRANSFORMS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ANIMATE_WINOGRAD_TRANSFORMS_INL_H
#undef ANIMATE_WINOGRAD_TRANSFORMS_INL_H
#else
#define ANIMATE_WINOGRAD_TRANSFORMS_INL_H
#endif

#include <hwy/highway.h>

#include <array>
#include <cstdint>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace animate::core::nn::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr D kD;
constexpr int64_t kLanes = HWY_LANES(float);

// Four outputs from the products at the points 0, 1 and -1 (m[0..2]), sum and difference of those at 2 and -2 (one
// alone is both), and the product at infinity.
HWY_INLINE void tile_outputs(const V* m, V outer_sum, V outer_difference, V infinity, V* o) {
  const V sum = hn::Add(m[1], m[2]);
  const V difference = hn::Sub(m[1], m[2]);
  o[0] = hn::Add(hn::Add(m[0], sum), outer_sum);
  o[1] = hn::MulAdd(hn::Set(kD, 2.0F), outer_difference, difference);
  o[2] = hn::MulAdd(hn::Set(kD, 4.0F), outer_sum, sum);
  o[3] = hn::Add(hn::MulAdd(hn::Set(kD, 8.0F), outer_difference, difference), infinity);
}

// Winograd's transforms along one axis for a tile of 4 outputs and a filter of 3: points 0, 1, -1, 2, -2, infinity.
struct Filter3 {
  static constexpr int kPoints = 6;
  static constexpr int kPieces = 1;
  static constexpr int64_t kMargin = 1;  // inputs before the first output
  HWY_INLINE static void input(const V* x, V* y) {
    const V four = hn::Set(kD, 4.0F);
    const V five = hn::Set(kD, 5.0F);
    const V even = hn::NegMulAdd(four, x[2], x[4]);
    const V odd = hn::NegMulAdd(four, x[1], x[3]);
    const V outer_even = hn::Sub(x[4], x[2]);
    const V outer_odd = hn::Add(hn::Sub(x[3], x[1]), hn::Sub(x[3], x[1]));
    y[0] = hn::MulAdd(four, x[0], hn::NegMulAdd(five, x[2], x[4]));
    y[1] = hn::Add(even, odd);
    y[2] = hn::Sub(even, odd);
    y[3] = hn::Add(outer_even, outer_odd);
    y[4] = hn::Sub(outer_even, outer_odd);
    y[5] = hn::MulAdd(four, x[1], hn::NegMulAdd(five, x[3], x[5]));
  }
  HWY_INLINE static void output(const V* m, V* o) {
    tile_outputs(m, hn::Add(m[3], m[4]), hn::Sub(m[3], m[4]), m[5], o);
  }
};

// The same for a filter of 2: points 0, 1, -1, 2, infinity.
struct Filter2 {
  static constexpr int kPoints = 5;
  static constexpr int kPieces = 1;
  static constexpr int64_t kMargin = 1;
  HWY_INLINE static void input(const V* x, V* y) {
    const V two = hn::Set(kD, 2.0F);
    const V three = hn::Set(kD, 3.0F);
    const V late = hn::Sub(x[3], x[1]);
    y[0] = hn::MulAdd(two, hn::Sub(x[0], x[2]), late);
    y[1] = hn::Sub(hn::Sub(x[3], x[2]), hn::Add(x[1], x[1]));
    y[2] = hn::MulAdd(two, x[1], hn::NegMulAdd(three, x[2], x[3]));
    y[3] = late;
    y[4] = hn::NegMulAdd(two, late, hn::Sub(x[4], x[2]));
  }
  HWY_INLINE static void output(const V* m, V* o) { tile_outputs(m, m[3], m[3], m[4], o); }
};

// For a filter of 7: two pieces of 4, the last tap of the second being zero. The pieces lie a tile apart, so that both
// use the same transformed tiles. Points 0, 1, -1, 2, -2, 1/2, -1/2.
struct Filter7 {
  static constexpr int kPoints = 7;
  static constexpr int kPieces = 2;
  static constexpr int64_t kMargin = 3;
  HWY_INLINE static void input(const V* x, V* y) {
    const V one_and_quarter = hn::Set(kD, 1.25F);
    const V quarter = hn::Set(kD, 0.25F);
    const V four = hn::Set(kD, 4.0F);
    const V four_and_quarter = hn::Set(kD, 4.25F);
    const V five = hn::Set(kD, 5.0F);
    const V five_and_quarter = hn::Set(kD, 5.25F);
    y[0] = hn::MulAdd(five_and_quarter, hn::Sub(x[2], x[4]), hn::Sub(x[6], x[0]));
    const V even_1 = hn::NegMulAdd(four_and_quarter, x[4], hn::Add(x[2], x[6]));
    const V odd_1 = hn::NegMulAdd(four_and_quarter, x[3], hn::Add(x[1], x[5]));
    y[1] = hn::Add(even_1, odd_1);
    y[2] = hn::Sub(even_1, odd_1);
    const V even_2 = hn::NegMulAdd(one_and_quarter, x[4], hn::MulAdd(quarter, x[2], x[6]));
    const V half_odd_2 = hn::NegMulAdd(one_and_quarter, x[3], hn::MulAdd(quarter, x[1], x[5]));
    const V odd_2 = hn::Add(half_odd_2, half_odd_2);
    y[3] = hn::Add(even_2, odd_2);
    y[4] = hn::Sub(even_2, odd_2);
    const V even_half = hn::NegMulAdd(five, x[4], hn::MulAdd(four, x[2], x[6]));
    const V odd_half = hn::Mul(hn::Set(kD, 0.5F), hn::NegMulAdd(five, x[3], hn::MulAdd(four, x[1], x[5])));
    y[5] = hn::Add(even_half, odd_half);
    y[6] = hn::Sub(even_half, odd_half);
  }
  HWY_INLINE static void output(const V* m, V* o) {
    const V half_sum = hn::Add(m[5], m[6]);
    const V half_difference = hn::Sub(m[5], m[6]);
    tile_outputs(m, hn::Add(m[3], m[4]), hn::Sub(m[3], m[4]), hn::Zero(kD), o);
    o[0] = hn::Add(o[0], half_sum);
    o[1] = hn::MulAdd(hn::Set(kD, 0.5F), half_difference, o[1]);
    o[2] = hn::MulAdd(hn::Set(kD, 0.25F), half_sum, o[2]);
    o[3] = hn::MulAdd(hn::Set(kD, 0.125F), half_difference, o[3]);
  }
};

HWY_INLINE V load_some(const float* from, int64_t count) {
  if (count >= kLanes) return hn::LoadU(kD, from);
  HWY_ALIGN std::array<float, kLanes> some{};
  std::memcpy(some.data(), from, static_cast<size_t>(count) * sizeof(float));
  return hn::Load(kD, some.data());
}

HWY_INLINE void store_some(V value, float* to, int64_t count) {
  if (count >= kLanes) {
    hn::StoreU(value, kD, to);
    return;
  }
  HWY_ALIGN std::array<float, kLanes> some;
  hn::Store(value, kD, some.data());
  std::memcpy(to, some.data(), static_cast<size_t>(count) * sizeof(float));
}
#endif

}  // namespace
}  // namespace animate::core::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per target
