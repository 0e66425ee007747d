#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace animate::motion {

// An IEEE 754 half as a float; exact, as every half is a float too.
inline float half_to_float(uint16_t bits) {
  const int exponent = bits >> 10U & 0x1fU;
  const auto fraction = static_cast<float>(bits & 0x3ffU);
  float value = 0;
  if (exponent == 0x1f) {
    value = fraction == 0 ? std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
  } else if (exponent == 0) {
    value = std::ldexp(fraction, -24);
  } else {
    value = std::ldexp(fraction + 1024, exponent - 25);
  }
  return (bits & 0x8000U) != 0 ? -value : value;
}

}  // namespace animate::motion
