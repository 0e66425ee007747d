#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "animate/image.h"
#include "face/face.h"

namespace animate::face {

// Finds faces that look at the camera, more or less, in one picture. It knows nothing of time and tracks nobody.
// One object serves one thread at a time; several objects are independent.
class FaceDetector {
 public:
  // The detector that needs no weights: the boosted Haar cascades of Viola and Jones (CVPR 2001) as trained by
  // Lienhart, from the package opencv-data. They are looked for in $ANIMATE_HAARCASCADES if that is set, else below
  // /usr/share and /usr/local/share. Throws Error(Input) when there are none or when they cannot be read.
  static std::unique_ptr<FaceDetector> create();

  virtual ~FaceDetector() = default;
  FaceDetector() = default;
  FaceDetector(const FaceDetector&) = delete;
  FaceDetector& operator=(const FaceDetector&) = delete;

  // The faces, largest first; none is no error. What a box spans differs: a cascade's is square, forehead to chin,
  // narrower than the head (see face_crop_region); a network's is as tall as the face from the brows up a bit to the
  // chin, and the face has points. Cascades do not look for faces below 1/16 of the longer side.
  virtual std::vector<Face> detect(const Image& image) = 0;

  // What it is called among people: "SCRFD", "YuNet", "Haar cascade".
  virtual std::string_view kind() const = 0;
};

struct FaceDetectorOptions {
  // An ONNX file: SCRFD with points (InsightFace's det_10g.onnx, scrfd_*_bnkps.onnx) or OpenCV's YuNet. Empty: the Haar
  // cascades.
  std::filesystem::path model;
  // Least score of a face, 0..1; 0.15 for SCRFD, as in LivePortrait, and 0.6 for YuNet where none is given.
  // Cascades have no score.
  std::optional<double> threshold;
  // Faces to keep, the large and central ones; 0 for all. SCRFD only.
  int max_faces = 0;
};

// The detector that the file turns out to be, by what its graph gives. Throws as onnx::Network::load does, and
// Error(Model) for a network that is no detector known here.
std::unique_ptr<FaceDetector> make_face_detector(const FaceDetectorOptions& options);

}  // namespace animate::face
