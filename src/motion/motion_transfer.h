#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "motion/expression_edit.h"
#include "motion/face_motion.h"
#include "motion/keypoint_track.h"
#include "motion/retargeter.h"
#include "motion/transfer_options.h"

namespace animate::motion {

// Which motion a driver has: a still one gives its one frame to every frame of the output.
struct DrivingMotion {
  std::vector<FaceFrame> frames;                  // at least one; all with equally many expression points
  bool is_video = true;                           // false: only the first frame counts
  size_t reference = 0;                           // where relative motion starts from; the original's is 0
  std::optional<FaceFrame> start = std::nullopt;  // in place of frames[reference], where that frame is not among them
};

// The keypoints to draw a source with, so that it moves like a driver (models/liveportrait/README.md#transfer, whose
// steps the comments below count). What concerns whole sequences is computed at construction; then frames can be asked
// for in any order and from any thread. Output frame i joins source frame i (or the still source) with driving frame i
// (or the still driver).
//
// Faces without ratios (no 203 landmarks) are neither retargeted nor do their lips get closed, as in the original.
// A face without volume (all points in one plane) is moved unscaled where expression-friendly driving would scale.
class MotionTransfer : public KeypointTrack {
 public:
  // A still source. `retargeter` may be null, else it must outlive this object: without it stitching changes nothing.
  // Throws Error(Model) when the options ask for retargeting without a retargeter; Error(Input) when driver and source
  // differ in their number of points or the reference frame cannot be one; Error(Usage) for a variance below 0;
  // Error(Internal) without frames or canonical points of the source.
  MotionTransfer(const TransferOptions& options, const Retargeter* retargeter, FaceFrame source, DrivingMotion driving);
  // A source video, all its frames. The same errors.
  MotionTransfer(const TransferOptions& options, const Retargeter* retargeter, std::vector<FaceFrame> source,
                 DrivingMotion driving);

  // Frames of the output: the driver's for a still source, the source's for a still driver, else the shorter one's.
  size_t size() const;

  // Edits the face on top of the driver's motion, from output frame 0 on; the last edit goes on behind its end. What an
  // edit adds comes after the transfer, with its fitting of sizes (steps 1 to 3): a slider means the same whatever the
  // driver does. It comes before stitching (step 4), which joins the edited face to the shoulders, and so before the
  // driving multiplier too. Eye and lip retargeting, which drop all other motion, keep it. Whether an edit stitches is
  // the options' affair. Throws Error(Model) as edit_on_top does, when keypoints are asked for.
  void edit(std::vector<FaceEdit> edits) { edits_ = std::move(edits); }

  // x_s of output frame i, [K].
  Points3 source_keypoints(size_t i) const override;
  // x_d of output frame i, [K]. Throws Error(Internal) for i >= size().
  Points3 driving_keypoints(size_t i) const override;

  // The same for a still source and a frame that was not known at construction, so that a driver of any length can
  // stream: construct with the reference frame alone (is_video stays true). Not smoothed.
  // `edit` is what edit() would say of this frame; null: nothing. Throws Error(Internal) for a source video.
  Points3 driving_keypoints(const FaceFrame& driving, const FaceEdit* edit = nullptr) const;

 private:
  MotionTransfer(const TransferOptions& options, const Retargeter* retargeter, std::vector<FaceFrame> source,
                 bool source_is_video, DrivingMotion driving);

  void check_inputs() const;
  void prepare_still();      // smoothing and the multiplier of step 3
  void prepare_sequences();  // X and Q (models/liveportrait/README.md#sequences)

  bool retargets() const { return options_.eye_retargeting || options_.lip_retargeting; }
  const FaceFrame& source_frame(size_t i) const { return source_[source_is_video_ ? i : 0]; }
  const FaceFrame& driving_frame(size_t i) const { return driving_.frames[driving_.is_video ? i : 0]; }
  const FaceFrame& reference() const {
    if (!driving_.is_video) return driving_.frames[0];
    return driving_.start ? *driving_.start : driving_.frames[driving_.reference];
  }

  // Step 1: the source's motion with what the options take from the driver's.
  FaceMotion moved_still(const FaceMotion& driving) const;
  FaceMotion moved_video(size_t i) const;
  // Steps 3 to 5 for keypoints that step 1 made; `edit` is added before stitching, if it is not empty.
  Points3 finished(const FaceFrame& source, const FaceFrame& driving, Points3 keypoints, const Points3& edit) const;
  // Step 0, empty where there is nothing to add.
  Points3 lip_closing(const FaceFrame& source, const Points3& keypoints) const;
  Points3 eye_holding(const FaceFrame& source, const Points3& keypoints) const;

  TransferOptions options_;
  const Retargeter* retargeter_;
  std::vector<FaceFrame> source_;
  bool source_is_video_;
  DrivingMotion driving_;
  std::vector<Points3> expressions_;  // X, source videos only
  std::vector<Matrix3> rotations_;    // Q, source videos that take over the pose only
  std::vector<FaceEdit> edits_;       // none: nothing is edited
  Points3 first_;                     // x_d of the reference frame
  std::optional<double> multiplier_;  // step 3, where it applies
};

}  // namespace animate::motion
