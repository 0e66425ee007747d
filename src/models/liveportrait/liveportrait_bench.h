#pragma once

#include "models/bench_subject.h"
#include "models/registry.h"

namespace animate::models::liveportrait {

// The networks to be timed, one by one and as whole frames, on random crops. With options.baseline they are computed as
// the original program does: nothing folded or merged. Without weights (BenchOptions::random_weights) they are random.
// Throws Error(Usage) for a frame size other than the networks' own.
BenchSubject bench_subject(const ModelFiles& files, const BenchOptions& options);

}  // namespace animate::models::liveportrait
