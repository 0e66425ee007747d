#pragma once

#include <memory>
#include <vector>

#include "animate/image.h"
#include "face/box.h"

namespace animate {

// Finds faces that look at the camera, more or less, in one picture. It knows nothing of time and tracks nobody.
// An interface, so that tests and better detectors can take the place of the built-in one.
// One object serves one thread at a time; several objects are independent.
class FaceDetector {
 public:
  // The built-in detector: the boosted Haar cascades of Viola and Jones (CVPR 2001) as trained by Lienhart, from
  // the package opencv-data. They are looked for in $ANIMATE_HAARCASCADES if that is set, else below /usr/share
  // and /usr/local/share. Throws Error(Input) when there are none or when they cannot be read.
  static std::unique_ptr<FaceDetector> create();

  virtual ~FaceDetector() = default;
  FaceDetector() = default;
  FaceDetector(const FaceDetector&) = delete;
  FaceDetector& operator=(const FaceDetector&) = delete;

  // The faces, largest first; none is no error. A cascade's box is square and spans the forehead to the chin: it is
  // narrower than the head (see face_crop_region). Faces below 1/16 of the longer side are not looked for.
  virtual std::vector<Box> detect(const Image& image) = 0;
};

}  // namespace animate
