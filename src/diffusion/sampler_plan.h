#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "diffusion/noise_schedule.h"

namespace animate::diffusion {

enum class SamplerKind {
  Euler,
  EulerAncestral,  // euler-a
  DpmPlusPlus,     // dpm++: second-order multistep, Lu et al. 2022
  Pndm,            // Liu et al., ICLR 2022, its linear multistep part
  Ddim,            // Song et al., ICLR 2021, eta 0
  Lcm              // consistency sampling in 1 to 8 steps, for weights that were distilled for it
};

// By the name of the option, "euler-a"; throws Error(Usage) that lists the names there are.
SamplerKind sampler_of(std::string_view name);
std::string_view name_of(SamplerKind kind);

// One call of the network and what follows from it (diffusion/README.md#steps). With x the latents, F the network's
// output and N normal noise:
//   the network sees   input_scale * x   and is told   time
//   estimate           m = from_x * x + from_output * F
//   next latents       keep * x + take[0] * m + take[1] * (the estimate remembered last) + … + noise * N
struct SamplerStep {
  double sigma = 0;  // of x, for messages
  double time = 0;
  double input_scale = 1;
  double from_x = 0;
  double from_output = 1;
  double keep = 1;
  std::vector<double> take;
  double noise = 0;
  bool draws = false;     // N is drawn from the generator, even where it is multiplied by 0
  bool remembers = true;  // m is an estimate for the steps that follow
  bool again = false;     // keep is of the latents before the last step, which this one corrects
};

// What a run does, in numbers: made and compared without a network.
struct SamplerPlan {
  std::vector<SamplerStep> steps;
  double start_scale = 1;  // the latents begin as normal noise times this
};

// From which noise level down to which one. As given Stable Video Diffusion's.
struct SigmaRange {
  double highest = 700;
  double lowest = 0.002;
};

// Karras' noise levels, then 0; the network is told ln(sigma) / 4 and predicts v. `count` >= 1 steps; pndm makes one
// call more. Throws Error(Usage) for another count.
SamplerPlan plan_edm(SamplerKind kind, int64_t count, const SigmaRange& range = {});
// The levels of plan_edm, count + 1 of them; for lcm those that its distillation knows.
std::vector<double> edm_sigmas(SamplerKind kind, int64_t count, const SigmaRange& range = {});

// For a model of discrete times. Throws Error(Usage) for more steps than times, and for lcm, which needs a model of its
// own.
SamplerPlan plan_discrete(SamplerKind kind, const DiscreteSchedule& schedule, int64_t count);

}  // namespace animate::diffusion
