#include "engine/still/reference_search.h"

#include <limits>

#include "base/counted.h"
#include "base/error.h"

namespace animate::engine {
namespace {

motion::Motion motion_of(const DrivingStep& step, const AnimatedSource& animated) {
  return step.motion ? *step.motion : animated.motion_of(step.frame.image);
}

}  // namespace

Reference find_reference(DrivingClip& clip, const AnimatedSource& animated, std::optional<int64_t> number,
                         Progress& progress, std::stop_token stop) {
  progress.start("finding the reference frame", number ? std::optional(*number + 1) : clip.expected_steps());
  Reference best;
  bool found = false;
  double smallest = std::numeric_limits<double>::infinity();
  int64_t index = 0;
  for (; auto step = clip.next(); ++index) {
    check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
    if (number) {
      if (index == *number) {
        best = {index, motion_of(*step, animated)};
        found = true;
        ++index;
        break;
      }
    } else {
      motion::Motion motion = motion_of(*step, animated);
      const double distance = animated.pose_distance(motion);
      if (!found || distance < smallest) {
        best = {index, std::move(motion)};
        smallest = distance;
        found = true;
      }
    }
    progress.advance(index + 1);
  }
  progress.finish(index);
  check(found, ErrorKind::Input, "--reference {}: the driving clip has only {}; use a number from 0 to {}",
        number.value_or(0), counted(index, "frame"), index - 1);
  clip.rewind();
  return best;
}

}  // namespace animate::engine
