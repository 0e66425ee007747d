#pragma once

#include "models/bench_subject.h"
#include "models/registry.h"

namespace animate::models::fomm {

// A FOMM to be measured on synthetic frames, stage by stage and as whole frames. With options.baseline it computes what
// the original program computes for a frame: batch normalisation on its own, the source encoded again, the full-size
// warped source for display. No optimisation of ours ever goes into that path: it is what we are compared with.
// Without weights (BenchOptions::random_weights) they are random.
BenchSubject bench_subject(const ModelFiles& files, const BenchOptions& options);

}  // namespace animate::models::fomm
