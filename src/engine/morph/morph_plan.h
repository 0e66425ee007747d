#pragma once

#include <vector>

#include "engine/job_checks.h"
#include "engine/output_clip.h"
#include "motion/morph_steps.h"

namespace animate::engine {

// Every frame of a morph, one tick each.
struct MorphPlan {
  std::vector<motion::MorphStep> steps;
  ClipTiming timing;

  double seconds() const { return static_cast<double>(steps.size()) / timing.frame_rate.value(); }
};

// By the job's options; 25 frames a second unless --fps says otherwise. Throws Error(Usage) for a clip too long.
MorphPlan plan_morph(const CheckedJob& job);

}  // namespace animate::engine
