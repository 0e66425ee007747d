#pragma once

#include <c10/core/Device.h>

#include <cstdint>

namespace animate {

// Whether LibTorch's convolutions of float maps on this CPU, `batch` of them at once, are right: tried once, on maps
// whose channels oneDNN pads to whole vectors, against the same in double, which oneDNN does not compute. A few
// milliseconds. Any thread.
//
// oneDNN 3.7, which Debian 13's LibTorch 2.6 convolves with, leaves whatever lay in memory in that padding from the
// second map of a batch on: results are off by tens of percent, and by nothing as long as memory is fresh from the
// system.
bool convolves_rightly(int64_t batch);

// The same of a device: only the CPU convolves with oneDNN. Models for whose batches this is false do them one by one,
// which is right and keeps oneDNN.
bool batches_are_right(const c10::Device& device, int64_t batch);

// For whoever works on batches without counting them.
inline constexpr int64_t kManyAtOnce = 2;

// As long as one of these lives, LibTorch convolves batches of its size rightly: without oneDNN where that would be
// wrong, which is several times slower, and for the whole process, since LibTorch knows no other switch. Single maps
// are right with oneDNN too, so whoever has only those costs nothing. May live on several threads at once.
class RightConvolutions {
 public:
  explicit RightConvolutions(int64_t batch);
  ~RightConvolutions();
  RightConvolutions(const RightConvolutions&) = delete;
  RightConvolutions& operator=(const RightConvolutions&) = delete;

 private:
  bool avoids_;
};

}  // namespace animate
