#pragma once

#include <optional>
#include <span>
#include <vector>

#include "motion/edit_sliders.h"
#include "motion/face_motion.h"
#include "motion/retargeter.h"

namespace animate {

// What to change about one face (spec section 10.1).
struct FaceEdit {
  SliderValues sliders;
  std::optional<double> eyes_open;  // target ratio, 0 ... 0.8; none: as they are. The original's sliders start at
  std::optional<double> lip_open;   // slider_start(ratio) and change nothing while they stay there
  bool stitching = true;
};

// x_d of the edited face, [K]; its x_s is source.motion.keypoints(). As in the original's image retargeting t_z counts
// here. `retargeter` may be null: then stitching changes nothing.
// Throws Error(Model) when eyes_open or lip_open are given without a retargeter, Error(Input) when they are given for a
// face without ratios.
Points3 edited_keypoints(const FaceFrame& source, const FaceEdit& edit, const Retargeter* retargeter);

// x_d of every frame of a source video whose lips shall be open by `lip_open` (spec section 10.2, mode lip ratio).
// What the network adds is smoothed; a frame without ratios takes what the frame before it takes, the first ones none.
std::vector<Points3> retarget_lips(std::span<const FaceFrame> source, double lip_open, const Retargeter& retargeter,
                                   double observation_variance = 3e-6);

// x_d of a frame of a source video with the lips at rest and only the eyes' own expression left (spec section 10.2,
// mode silent lips). t_z counts here too. `retargeter` may be null: then nothing is stitched.
Points3 silent_lips(const FaceMotion& source, const Retargeter* retargeter);

}  // namespace animate
