#include "motion/morph_steps.h"

#include <algorithm>

#include "base/error.h"

namespace animate::motion {
namespace {

double smooth_step(double t) { return t * t * (3 - 2 * t); }

// From 0 to 1 in the middle `share` of 0..1.
double in_the_middle(double position, double share) {
  return smooth_step(std::clamp((position - (1 - share) / 2) / share, 0.0, 1.0));
}

class Way {
 public:
  explicit Way(const MorphTiming& timing) : timing_(timing), fade_(std::min(kEndFrames, (timing.frames - 1) / 2)) {}

  std::vector<MorphStep> steps() {
    const size_t last = timing_.pictures - 1;
    for (size_t picture = 0; picture < last; ++picture) {
      stand(picture);
      for (int64_t i = 1; i + 1 < timing_.frames; ++i) steps_.push_back(moving(picture, i));
    }
    stand(last);
    if (!timing_.loop) return std::move(steps_);
    for (size_t picture = last; picture-- > 0;) {
      for (int64_t i = timing_.frames - 2; i > 0; --i) steps_.push_back(moving(picture, i));
      if (picture > 0) stand(picture);
    }
    return std::move(steps_);
  }

 private:
  void stand(size_t picture) {
    const MorphStep step{picture, picture, 0, timing_.exact_ends ? 1.0 : 0.0, 0};
    steps_.insert(steps_.end(), static_cast<size_t>(timing_.hold + 1), step);
  }

  MorphStep moving(size_t picture, int64_t i) const {
    const int64_t last = timing_.frames - 1;
    const double t = static_cast<double>(i) / static_cast<double>(last);
    MorphStep step{picture, picture + 1, timing_.smooth ? smooth_step(t) : t, 0, 0};
    if (timing_.exact_ends && fade_ > 0) {
      step.true_from = std::max(0.0, 1 - static_cast<double>(i) / static_cast<double>(fade_));
      step.true_to = std::max(0.0, 1 - static_cast<double>(last - i) / static_cast<double>(fade_));
    }
    return step;
  }

  const MorphTiming& timing_;
  int64_t fade_;
  std::vector<MorphStep> steps_;
};

}  // namespace

std::vector<MorphStep> morph_steps(const MorphTiming& timing) {
  check(timing.pictures >= 2 && timing.frames >= 2 && timing.hold >= 0, ErrorKind::Internal,
        "a morph through {} pictures with {} frames from one to the next", timing.pictures, timing.frames);
  return Way(timing).steps();
}

DissolveWeights dissolve_weights(double position, double share) {
  return {in_the_middle(position, std::min(1.0, 2 * share)), in_the_middle(position, share)};
}

}  // namespace animate::motion
