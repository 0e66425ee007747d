#pragma once

#include <cstdint>

namespace animate::heads {

// Random numbers as a function of (seed, stream, counter): no hidden state, so any draw can be made again alone, and
// adding a draw to one stream leaves all other streams as they were. Only integer arithmetic and exact products are
// used: the numbers are the same on every machine, compiler and standard library.
class CounterRandom {
 public:
  CounterRandom(uint64_t seed, uint64_t stream);

  uint64_t bits();
  // [0, 1), 24 bits, so that float holds it exactly.
  float unit();
  float between(float low, float high) { return low + (high - low) * unit(); }
  bool chance(float probability) { return unit() < probability; }
  // 0 .. count - 1
  int pick(int count) { return static_cast<int>(unit() * static_cast<float>(count)); }
  // Bell-shaped around 0 with this deviation, clipped at two deviations.
  float bell(float deviation);

 private:
  uint64_t key_;
  uint64_t counter_ = 0;
};

// A bijection of 64 bits in which every input bit reaches every output bit.
uint64_t mix_bits(uint64_t bits);

}  // namespace animate::heads
