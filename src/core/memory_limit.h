#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace animate::core {

// Work on several frames at once, on a device that may have too little memory for it. Where it has, half as many frames
// are tried once, with one warning, and no more at once from then on; where that is too much as well, one sentence
// tells the sizes. Thread-safe.
class MemoryLimit {
 public:
  // Does frames [first, first + count) of what there is to do.
  using Work = std::function<void(int64_t first, int64_t count)>;

  // Calls `work` for `count` >= 1 frames of that size in pixels: all at once where they fit. Work that ran out of
  // memory is done again, so it must keep nothing before it is through. Throws Error(Input) where it fails.
  void run(int64_t count, int64_t width, int64_t height, const Work& work) const;

  // Frames that fit at once; 0: as many as were asked for.
  int64_t most() const { return most_; }

 private:
  mutable std::atomic<int64_t> most_ = 0;
};

// The sizes in LibTorch's words for exhausted memory: "tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.79
// GiB of which 1.10 GiB is free", or as 1.13 says it; the first line where they are not found.
std::string memory_sizes(const std::string& words);

}  // namespace animate::core
