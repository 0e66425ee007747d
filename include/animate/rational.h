#pragma once

#include <cstdint>

namespace animate {

// An exact fraction: a frame rate (30000/1001 frames a second) or a time base (1/90000 s a tick).
struct Rational {
  int64_t num = 0;
  int64_t den = 1;

  double value() const { return den == 0 ? 0.0 : static_cast<double>(num) / static_cast<double>(den); }
  bool positive() const { return num > 0 && den > 0; }
  bool operator==(const Rational&) const = default;
};

}  // namespace animate
