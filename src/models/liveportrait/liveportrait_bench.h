#pragma once

#include "models/registry.h"

namespace animate::liveportrait {

// Times the networks, one by one and as whole frames, on random crops. With `baseline` they are computed as the
// original program does: nothing folded or merged. Without weights (BenchOptions::random_weights) they are random.
BenchReport bench(const ModelFiles& files, const BenchOptions& options);

}  // namespace animate::liveportrait
