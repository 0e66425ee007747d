#pragma once

#include <optional>
#include <span>
#include <vector>

#include "motion/edit_sliders.h"
#include "motion/face_motion.h"
#include "motion/retargeter.h"

namespace animate::motion {

// What to change about one face (models/liveportrait/README.md#editing).
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

// What an edit adds to the keypoints of a face that a driver has moved already, [K]: the sliders act on `moved` (its
// rotation, scale and expression), eyes and lips on the source at rest. t_z does not count, as in all of the original's
// driven motion. Exactly 0 for neutral sliders. Nothing is stitched; a face without ratios keeps eyes and lips.
// Throws Error(Model) when eyes_open or lip_open are given without a retargeter.
Points3 edit_on_top(const FaceMotion& moved, const FaceFrame& source, const FaceEdit& edit,
                    const Retargeter* retargeter);

// x_d of every frame of an edited source video, [K] each: the video's own motion with every frame's edit on top, then
// stitched to that frame. With lip_open alone it is the original's mode lip ratio
// (models/liveportrait/README.md#video-editing), whose smoothing eyes and lips both get; the sliders are its image
// formulas without t_z. `edits`: as many as frames. Frames without ratios take what the frame before them takes. The
// same errors as edited_keypoints, if no frame has ratios.
std::vector<Points3> edited_video(std::span<const FaceFrame> source, std::span<const FaceEdit> edits,
                                  const Retargeter* retargeter, double observation_variance = 3e-6);

// x_d of every frame of a source video whose lips shall be open by `lip_open`
// (models/liveportrait/README.md#video-editing, mode lip ratio). What the network adds is smoothed; a frame without
// ratios takes what the frame before it takes, the first ones none.
std::vector<Points3> retarget_lips(std::span<const FaceFrame> source, double lip_open, const Retargeter& retargeter,
                                   double observation_variance = 3e-6);

// x_d of a frame of a source video with the lips at rest and only the eyes' own expression left
// (models/liveportrait/README.md#video-editing, mode silent lips). t_z counts here too. `retargeter` may be null: then
// nothing is stitched.
Points3 silent_lips(const FaceMotion& source, const Retargeter* retargeter);

}  // namespace animate::motion
