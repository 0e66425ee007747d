#include "engine/frame_rate.h"

#include <algorithm>

namespace animate::engine {
namespace {

// Ticks of fine time bases times large rates leave 64 bits in long clips.
__extension__ using Wide = __int128;

}  // namespace

int64_t ConstantRate::ticks_until(int64_t next_pts) {
  // Ticks t with t / rate < next_pts * time_base, in whole numbers.
  const auto left = static_cast<Wide>(next_pts) * time_base_.num * rate_.num;
  const auto right = static_cast<Wide>(time_base_.den) * rate_.den;
  const auto end = static_cast<int64_t>((left + right - 1) / right);
  return std::max<int64_t>(0, end - tick_);
}

}  // namespace animate::engine
