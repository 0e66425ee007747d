#pragma once

#include <memory>
#include <optional>
#include <string>

#include "animate/image.h"
#include "face/face_choice.h"
#include "face/face_detector.h"
#include "face/landmark106.h"
#include "face/landmark203.h"
#include "pictures/scene_cut.h"

namespace animate::face {

struct FaceTrackerOptions {
  FaceChoice choice;                // which face of the first frame; `all` means the largest here
  std::string shown_name = "clip";  // the clip in messages
  // Look for the face again when the scene cuts or the landmarks have gone astray. Off, the 203 points follow
  // themselves from the first face to the end, as the original does.
  bool redetect = true;
  double scene_cut = 30;  // levels, see SceneCut
  int check_every = 30;   // frames between two looks of the detector at landmarks that follow themselves; 0: never
  bool smooth = true;     // quieten boxes that come from the detector in every frame
};

struct TrackedFace {
  // The detector's box and five points, quietened; while 203 points follow themselves, the box round these.
  Face face;
  // What the crop is made from: 203 points, else 106, else landmarks_for_crop(face).
  Points2 landmarks;
  bool has_ratio_points = false;  // landmarks are the 203 from which the open ratios follow
  bool redetected = false;        // the face was looked for in this frame, and is not the continuation of the last one
};

// Follows one face through a clip, frame by frame.
//
// With 203 points: detector, choice, 106 points, 203 points in the first frame (without 106 points the 203 are found
// from the detector's, in two looks); then every frame's 203 points are
// sought round those of the frame before. The network always answers, face or not, so it is not believed when its
// points jump by more than half their size, shrink or grow by more than 1.5, leave the picture, or when the
// detector, asked now and then, sees faces elsewhere only, or three times in a row none.
//
// Without 203 points: detector in every frame; the face that overlaps the last one most is the same one.
// Box and points are then quietened: new = old + a * (seen - old), with a between 0.3 for a face at rest and 1 for one
// that moves by a tenth of its size a frame, so the crop neither trembles nor lags.
//
// Not thread-safe; one object serves one clip.
class FaceTracker {
 public:
  // Either landmark network may be absent (null).
  FaceTracker(std::unique_ptr<FaceDetector> detector, std::unique_ptr<Landmark106> landmark106,
              std::unique_ptr<Landmark203> landmark203, FaceTrackerOptions options);

  // The face in the next frame; nothing where there is none, and then the next frames are searched afresh, for the
  // face nearest to where it was. Throws as the detector and the landmark networks do, and Error(Input) when the
  // first face is to be number N and there are fewer.
  std::optional<TrackedFace> next(const Image& frame);

 private:
  std::optional<TrackedFace> detect(const Image& frame);
  std::optional<TrackedFace> follow_points(const Image& frame);
  std::optional<Face> pick(const std::vector<Face>& faces);
  bool still_there(const Image& frame, const Points2& points);
  void quieten(Face& face) const;

  std::unique_ptr<FaceDetector> detector_;
  std::unique_ptr<Landmark106> landmark106_;
  std::unique_ptr<Landmark203> landmark203_;
  FaceTrackerOptions options_;
  pictures::SceneCut scene_cut_;
  std::optional<Face> last_;       // where the face was last seen
  std::optional<Points2> points_;  // its 203 points in the frame before; empty after a frame without a face
  bool lost_ = true;               // no face in the frame before
  bool started_ = false;           // a face was seen in some frame
  int since_check_ = 0;
  int misses_ = 0;
};

}  // namespace animate::face
