#pragma once

#include <cstdint>
#include <vector>

#include "animate/image.h"

namespace animate::pictures {

// Tells a cut between two frames: both are shrunk to 32x32 grey pixels and compared by their mean absolute
// difference, in levels. Within a scene that is a few levels, over a cut mostly above 30.
class SceneCut {
 public:
  explicit SceneCut(double threshold) : threshold_(threshold) {}

  // Whether `image` begins another scene than the frame given before. The first frame does not.
  bool next(const Image& image);

 private:
  double threshold_;
  std::vector<uint8_t> last_;
};

}  // namespace animate::pictures
