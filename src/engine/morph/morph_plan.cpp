#include "engine/morph/morph_plan.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "engine/frame_rate.h"

namespace animate::engine {

MorphPlan plan_morph(const CheckedJob& job) {
  constexpr Rational usual{25, 1};
  constexpr int64_t most = 1'000'000;  // 11 hours
  const MorphOptions& options = job.options.morph;
  const Rational rate = fixed_rate(job.options.output.fps).value_or(usual);
  motion::MorphTiming timing;
  timing.pictures = job.targets.size() + 1;
  timing.frames = options.frames;
  if (options.duration > 0) timing.frames = std::max(2LL, std::llround(options.duration * rate.value()));
  timing.hold = options.hold;
  timing.loop = options.loop;
  timing.smooth = options.ease == MorphEase::Smooth;
  timing.exact_ends = options.exact_ends;
  const auto pictures = static_cast<int64_t>(timing.pictures);
  check(timing.frames + timing.hold <= most / (2 * pictures), ErrorKind::Usage,
        "a morph of {} pictures with {} frames for each is too long; lower --frames, --duration, --hold or --fps",
        pictures, timing.frames + timing.hold);
  return {motion::morph_steps(timing), {rate, {rate.den, rate.num}}};
}

}  // namespace animate::engine
