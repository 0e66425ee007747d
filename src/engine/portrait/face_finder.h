#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "animate/image.h"
#include "base/points.h"
#include "catalog/liveportrait_options.h"
#include "catalog/model_finder.h"

namespace animate {

class FaceDetector;
class FaceTracker;
class Landmark106;
class Landmark203;

// A face as the jobs need it: what its crop is made from, and how far eyes and lips are open.
struct FoundFace {
  Points2 landmarks;                 // for the crop rectangle, pixels of the picture
  std::optional<Points2> points203;  // where these landmarks are known
};

// The detectors of one job, as the options and the model's folder say. Tells what is less exact for want of weights.
// Not thread-safe.
class FaceFinder {
 public:
  // Throws Error(Usage) for options that say nothing, Error(Input) or Error(Model) for detectors that do not load.
  FaceFinder(const LivePortraitOptions& options, const FaceModelFiles& files);
  ~FaceFinder();

  // The chosen faces of a source picture, at least one. Throws Error(Input) naming `shown` when there is none or not
  // the chosen one.
  std::vector<FoundFace> in_picture(const Image& picture, const std::string& shown);

  bool has_points203() const { return !files_.landmarks203.empty(); }
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Follows one face through a clip. Of a source video it is the chosen one, or the one that was placed by hand, which
  // stays where it is; of a driver the largest.
  class Track {
   public:
    enum class Role { Source, Driver };
    Track(const FaceFinder& finder, Role role, std::string shown);
    ~Track();
    // nullopt where the face is not to be seen.
    std::optional<FoundFace> next(const Image& frame);

   private:
    const FaceFinder& finder_;
    Role role_;
    std::unique_ptr<FaceTracker> tracker_;
    std::optional<FoundFace> placed_;
  };

 private:
  bool placed_by_hand() const { return !options_.bbox.empty() || !options_.points.empty(); }
  FoundFace place_by_hand(const Image& picture) const;
  std::unique_ptr<FaceDetector> make_detector() const;
  std::unique_ptr<Landmark106> make_landmark106() const;
  std::unique_ptr<Landmark203> make_landmark203() const;

  LivePortraitOptions options_;
  FaceModelFiles files_;
  std::vector<std::string> warnings_;
};

}  // namespace animate
