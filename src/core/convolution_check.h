#pragma once

#include <cstdint>

namespace animate {

// Whether LibTorch's convolutions of float maps on this CPU, `batch` of them at once, are right: tried once, on maps
// whose channels oneDNN pads to whole vectors, against the same in double, which oneDNN does not compute. A few
// milliseconds.
//
// oneDNN 3.7, which Debian 13's LibTorch 2.6 convolves with, leaves whatever lay in memory in that padding from the
// second map of a batch on: results are off by tens of percent, and by nothing as long as memory is fresh from the
// system.
bool convolves_rightly(int64_t batch);

// For whoever works on batches without having counted them.
inline constexpr int64_t kManyAtOnce = 2;

// Has LibTorch convolve without oneDNN where batches of that size would come out wrong: slower, but right. For the
// whole process and all later convolutions; to be called again where the size of the batches changes.
void use_right_convolutions(int64_t batch);

}  // namespace animate
