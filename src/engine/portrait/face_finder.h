#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "animate/image.h"
#include "base/points.h"
#include "catalog/liveportrait_options.h"
#include "catalog/model_finder.h"
#include "face/face_choice.h"
#include "face/face_detector.h"
#include "face/face_tracker.h"
#include "face/landmark_detector.h"

namespace animate {

// A face as the jobs need it: what its crop is made from, and how far eyes and lips are open.
struct FoundFace {
  Points2 landmarks;               // for the crop rectangle, pixels of the picture
  std::optional<Points2> points203;  // where these landmarks are known
};

// The detectors of one job, as the options and the model's folder say. Says once what is less exact for want of
// weights. Not thread-safe.
class FaceFinder {
 public:
  FaceFinder(const LivePortraitOptions& options, const FaceModelFiles& files);
  ~FaceFinder();

  // The chosen faces of one picture, at least one. Throws Error(Input) naming `shown` when there is none, Error(Usage)
  // when the choice names a face that is not there.
  std::vector<FoundFace> in_picture(const Image& picture, const std::string& shown);

  // Follows one face through a clip, frame by frame; nullopt where it is not to be seen. `by_hand`: --bbox and
  // --points, which stay where they are.
  class Track {
   public:
    explicit Track(FaceFinder& finder);
    ~Track();
    std::optional<FoundFace> next(const Image& frame);

   private:
    FaceFinder& finder_;
    std::unique_ptr<FaceTracker> tracker_;
  };

  bool has_points203() const { return !files_.landmarks203.empty(); }
  // Faces are placed by hand, for every frame alike.
  bool by_hand() const { return by_hand_.has_value(); }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  friend class Track;
  std::unique_ptr<FaceTracker> make_tracker() const;

  LivePortraitOptions options_;
  FaceModelFiles files_;
  std::optional<Points2> by_hand_;
  std::vector<std::string> warnings_;
};

}  // namespace animate
