#include "motion/length_mismatch.h"

#include <algorithm>

#include "base/error.h"

namespace animate::motion {

size_t output_length(OnMismatch policy, size_t source, size_t driving) {
  if (policy == OnMismatch::Cut || driving == 0) return std::min(source, driving);
  return source;
}

size_t driving_index(OnMismatch policy, size_t i, size_t driving) {
  check(driving > 0, ErrorKind::Internal, "a frame of a driver without frames");
  const size_t last = driving - 1;
  switch (policy) {
    case OnMismatch::Cycle: return i % driving;
    case OnMismatch::Mirror: {
      if (last == 0) return 0;
      const size_t step = i % (2 * last);
      return step <= last ? step : 2 * last - step;
    }
    case OnMismatch::Cut:
    case OnMismatch::Hold: break;
  }
  return std::min(i, last);
}

}  // namespace animate::motion
