#pragma once

#include <cstdint>
#include <optional>

#include "animate/option_values.h"
#include "animate/rational.h"

namespace animate::engine {

// The rate that --fps asks for; nullopt where it names a clip or nothing.
inline std::optional<Rational> fixed_rate(const RateChoice& fps) {
  return fps.kind == RateChoice::Kind::Fixed ? std::optional(fps.rate) : std::nullopt;
}

// Turns frames at any times into a constant rate: each tick shows the last frame that has begun by then, as a player
// would. Fed one frame ahead; holds no pixels. Not thread-safe.
class ConstantRate {
 public:
  ConstantRate(Rational time_base, Rational rate) : time_base_(time_base), rate_(rate) {}

  // How many ticks are filled by the current frame, now that the next one is known to begin at `next_pts`
  // (or the clip to end there). Ticks are counted from 0 and each is given out once.
  int64_t ticks_until(int64_t next_pts);
  // The tick that the next written frame gets.
  int64_t tick() const { return tick_; }
  void advance() { ++tick_; }

 private:
  Rational time_base_;
  Rational rate_;
  int64_t tick_ = 0;
};

}  // namespace animate::engine
