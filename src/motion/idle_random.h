#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

namespace animate::motion {

// Random numbers of one part of an idle motion, the same on every machine: the standard fixes the generator, and what
// is made of its bits here is not left to the library. Streams are independent: another blink changes no sway.
class IdleRandom {
 public:
  IdleRandom(uint64_t seed, uint64_t stream)
      : bits_(seed * 0x9e3779b97f4a7c15ULL + stream * 0xd6e8feb86659fd93ULL + 1) {}

  // [0, 1)
  double unit() { return static_cast<double>(bits_() >> 11U) * 0x1p-53; }
  double between(double low, double high) { return low + (high - low) * unit(); }
  // Bell-shaped with deviation 1, by Box and Muller.
  double bell() {
    const double radius = std::sqrt(-2 * std::log(1 - unit()));
    return radius * std::cos(2 * std::numbers::pi * unit());
  }

 private:
  std::mt19937_64 bits_;
};

}  // namespace animate::motion
