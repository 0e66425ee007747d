#pragma once

#include "animate/liveportrait_options.h"

namespace animate::motion {

// How motion passes from a driver to a source (models/liveportrait/README.md#options), at the defaults of the
// original's command line.
struct TransferOptions {
  bool relative = true;  // the driver's change since its reference frame; false: its motion itself
  AnimationRegion region = AnimationRegion::All;
  DrivingOption driving_option = DrivingOption::ExpressionFriendly;
  double driving_multiplier = 1;  // gain on everything, at the very end
  bool stitching = true;          // join the moved head to the source's shoulders

  bool normalize_lip = false;    // close the source's lips first; only relative and without retargeting
  bool eye_retargeting = false;  // open the eyes as far as the driver's; discards other motion when relative
  bool lip_retargeting = false;
  bool source_video_eye_retargeting = false;  // source video: hold the eyes as open as in its first frame
  double lip_normalize_threshold = 0.03;      // lips less open than this stay as they are
  double source_video_eye_threshold = 0.18;   // a first frame with eyes more shut than this ...
  double source_video_eye_open = 0.39;        // ... counts as open this far

  double driving_smooth_observation_variance = 3e-7;  // source video and moving driver; 0: off
  bool orthonormal_rotations = false;  // smoothed rotations of a source video made rotations again; not the original's
  double smooth_variance = 0;          // still source: the driver's motion smoothed first; 0 as the original: off
};

}  // namespace animate::motion
