#pragma once

#include "models/bench_subject.h"
#include "models/registry.h"

namespace animate::models::autoencoder {

// Stages "encoder" and "decoder"; a frame is one picture through both. A file of the decoder alone has a random
// encoder here. Throws Error(Usage) for another frame size than 64.
BenchSubject bench_subject(const ModelFiles& files, const BenchOptions& options);

}  // namespace animate::models::autoencoder
