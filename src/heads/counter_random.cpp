#include "heads/counter_random.h"

#include <algorithm>

namespace animate::heads {

// Multiply and fold, three rounds; odd multipliers keep every round reversible.
uint64_t mix_bits(uint64_t bits) {
  bits ^= bits >> 32;
  bits *= 0xd6e8feb86659fd93ULL;
  bits ^= bits >> 29;
  bits *= 0xa0761d6478bd642fULL;
  bits ^= bits >> 32;
  bits *= 0xe7037ed1a0b428dbULL;
  return bits ^ (bits >> 31);
}

CounterRandom::CounterRandom(uint64_t seed, uint64_t stream)
    : key_(mix_bits(mix_bits(seed + 0x632be59bd9b4e019ULL) ^ (stream * 0x9e3779b97f4a7c15ULL + 1))) {}

uint64_t CounterRandom::bits() { return mix_bits(mix_bits(key_ + 0x9e3779b97f4a7c15ULL * ++counter_) + key_); }

float CounterRandom::unit() { return static_cast<float>(bits() >> 40) * 0x1p-24F; }

float CounterRandom::bell(float deviation) {
  // Twelve uniform draws have variance one. A sum needs no logarithm, whose last bit differs between libraries.
  float sum = -6;
  for (int i = 0; i < 12; ++i) sum += unit();
  return std::clamp(sum, -2.0F, 2.0F) * deviation;
}

}  // namespace animate::heads
