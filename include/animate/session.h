#pragma once

#include <optional>
#include <vector>

#include "animate/edit_settings.h"
#include "animate/export.h"
#include "animate/image.h"
#include "animate/options.h"
#include "animate/point.h"

namespace animate {

// One picture of a session's result.
struct SessionFrame {
  Image image;              // the source in the driver's pose: all of it, or its crop, as CropOptions say
  bool face_found = true;   // false: no face was seen in the driving picture, and the last pose is held
  double milliseconds = 0;  // from the call to the picture
};

// A face of the source that moves.
struct SessionFace {
  FaceBox box;                      // what is cut out round it, pixels of the source
  std::vector<Point> keypoints;     // in [-1, 1] of that box, x then y
  std::optional<double> eyes_open;  // how far both are open on average, as --set eyes=…; where that is known
  std::optional<double> lips_open;
};

// One source picture and one stream of driving pictures over an opened model. All state is here: sessions of one model
// do not see each other. Not thread-safe. Once a few frames are through, a frame takes no more memory from the system.
// Every call throws animate::Error and leaves the session as it was.
class ANIMATE_EXPORT Session {
 public:
  virtual ~Session() = default;

  // The source in the pose of `driving`. Relative motion starts from the first picture, or the first one after
  // recalibrate(). `time` in seconds is where keyframes of --set are evaluated; absent: 25 frames a second.
  virtual SessionFrame animate(const Image& driving, std::optional<double> time = std::nullopt) = 0;

  // The next driving picture is where relative motion starts from.
  virtual void recalibrate() = 0;

  // Takes effect with the next picture. Throws Error(Usage) for options that need a whole clip, and for those that only
  // count while a session is opened: crop, face, detector and landmarks.
  virtual void set_options(const AnimateOptions& options) = 0;

  // The source itself with its face changed by hand; no driver. LivePortrait only: Error(Model) for other families.
  virtual Image edit(const EditSettings& settings) = 0;

  // The faces that move; for a model that needs none, one box round all that moves.
  virtual std::vector<SessionFace> faces() const = 0;
};

}  // namespace animate
