#pragma once

#include <memory>
#include <vector>

#include "animate/image.h"
#include "face/box.h"

namespace animate {

// Finds upright, frontal faces in a picture. Finds boxes only: no landmarks, no identity. Not thread-safe.
class FaceDetector {
 public:
  virtual ~FaceDetector() = default;

  // Faces, largest first. A box spans about eyebrows to chin, as the detector was trained.
  virtual std::vector<Box> detect(const Image& image) = 0;

  // The detector that needs no weights: the Haar cascade of Viola and Jones (CVPR 2001) from OpenCV's own data,
  // searched in $ANIMATE_HAARCASCADES and the system folders. Throws Error(Input) where it is not installed.
  static std::unique_ptr<FaceDetector> create();
};

}  // namespace animate
