#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "animate/image.h"
#include "animate/liveportrait_options.h"
#include "base/points.h"
#include "catalog/model_finder.h"

namespace animate::engine {

// A face as the jobs need it: what its crop is made from, and how far eyes and lips are open.
struct FoundFace {
  Points2 landmarks;                 // for the crop rectangle, pixels of the picture
  std::optional<Points2> points203;  // where these landmarks are known
};

// Follows one face through a clip. Not thread-safe.
class FaceTrack {
 public:
  virtual ~FaceTrack() = default;
  // nullopt where the face is not to be seen.
  virtual std::optional<FoundFace> next(const Image& frame) = 0;
};

// Whose faces: a source's are chosen or placed by the options, of a driver it is the largest.
enum class FaceRole { Source, Driver };

// Finds the faces of one job. An interface, so that tests can say where the faces are. Not thread-safe.
class FaceFinder {
 public:
  virtual ~FaceFinder() = default;

  // The chosen faces of a source picture, at least one. Throws Error(Input) naming `shown` when there is none or not
  // the chosen one.
  virtual std::vector<FoundFace> in_picture(const Image& picture, const std::string& shown) = 0;
  virtual std::unique_ptr<FaceTrack> follow(FaceRole role, const std::string& shown) const = 0;
  // Whether eyes and lips can be measured.
  virtual bool has_points203() const = 0;
  // What is less exact for want of weights, or had to be chosen.
  virtual std::vector<std::string> warnings() const = 0;
  // Which networks said where the faces are, "YuNet (face.onnx), landmark.onnx"; empty while nobody had to.
  virtual std::string framed_by() const { return {}; }
};

// The detectors that the options and the model's folder name. Throws Error(Usage) for options that contradict
// themselves; detectors that do not load throw once they are needed.
std::unique_ptr<FaceFinder> make_face_finder(const LivePortraitOptions& options, const catalog::FaceModelFiles& files);

}  // namespace animate::engine
