#include "animate/liveportrait_options.h"

namespace animate {

void LivePortraitOptions::describe(OptionVisitor& visitor) {
  visitor.choice("animation-region", animation_region, "which part of the driver's motion is carried over");
  visitor.choice("driving-option", driving_option,
                 "expression-friendly also fits the size of the movement to the source's face");
  visitor.number("driving-multiplier", driving_multiplier, -10, 10, "gain of the movement; 1 leaves it as it is");
  visitor.flag("stitching", stitching, "join the animated face to shoulders and background by the stitching network");
  visitor.flag("normalize-lip", normalize_lip, "close the source's lips first (relative motion only)");
  visitor.flag("eye-retargeting", eye_retargeting, "carry over how far the eyes are open, and no other motion");
  visitor.flag("lip-retargeting", lip_retargeting, "carry over how far the lips are open, and no other motion");
  visitor.flag("source-video-eye-retargeting", source_video_eye_retargeting,
               "source video: keep the eyes as open as in its first frame");
  visitor.number("driving-smooth-observation-variance", driving_smooth_observation_variance, 0, 1,
                 "source video: strength of the Kalman smoother");
  visitor.number("smooth", smooth, 0, 1, "smooth the driver's motion for still pictures too: 0 off, 1 strongest");
  visitor.text("set", set, "NAME=VALUE,…",
               "edit the face on top of the driver, as in smile=0.6,yaw=-8 or with keyframes smile@0s=0,2s=1; `animate "
               "edit --list` shows the sliders");
  visitor.flag("animal", animal,
               "the source is an animal, and the weights are the animals': the driver's pose as it is; place the face "
               "with --bbox or --points");
  visitor.flag("silent-lips", silent_lips, "`animate edit` of a source video: lips at rest, only the eyes keep moving");
  visitor.choice("on-mismatch", on_mismatch,
                 "source video longer than the driver: cut, or cycle, mirror or hold the driver's motion");
  visitor.choice("on-lost", on_lost, "driving frame without a face: hold the last motion, skip the frame, or fail");
  visitor.integer("max-dim,source-max-dim", max_dim, 0, 65536,
                  "shrink a source whose longer side is larger, in pixels; 0: full resolution");
  visitor.integer("source-division", source_division, 1, 256, "cut the source's sides to multiples of this");
  visitor.text("face", face, "largest|left|right|N|x,y|all",
               "which face of several: N counts from the left, x,y is a pixel on it, all animates every one");
  visitor.text("bbox", bbox, "x,y,w,h", "face box by hand in pixels, for animals, drawings and statues");
  visitor.text("points", points, "x,y;x,y;…",
               "face points by hand: left eye, right eye, nose, mouth corners (5), or the animals' 9");
  visitor.text("detector", detector, "auto|haar|FILE.onnx",
               "face detector: SCRFD or YuNet as ONNX; auto takes the model folder's, else the Haar cascade");
  visitor.text("landmarks-106", landmarks106, "FILE.onnx", "2d106det.onnx; default the model folder's");
  visitor.text("landmarks-203", landmarks203, "FILE.onnx", "landmark.onnx; default the model folder's");
  visitor.number("det-thresh", det_thresh, 0.01, 1, "least confidence of a detected face");
  visitor.number("scale", scale, 0.5, 10, "source crop: side, as a multiple of the face");
  visitor.number("vx-ratio", vx_ratio, -2, 2, "source crop: move right by this share of its side");
  visitor.number("vy-ratio", vy_ratio, -2, 2, "source crop: move down by this share of its side");
  visitor.flag("rotation", rotation, "turn the source crop upright");
  visitor.flag("crop-driving,crop-driving-video", crop_driving,
               "crop the driver around its face; always done when its frames are not square");
  visitor.number("scale-crop-driving-video", scale_crop_driving, 0.5, 10, "driving crop: side against the face");
  visitor.number("vx-ratio-crop-driving-video", vx_ratio_crop_driving, -2, 2, "driving crop: move right");
  visitor.number("vy-ratio-crop-driving-video", vy_ratio_crop_driving, -2, 2, "driving crop: move down");
  visitor.choice("compat", compat,
                 "liveportrait: the original's choices (source at most 1280 pixels, even sides, one average driving "
                 "crop, no shift by vx-ratio)");
}

}  // namespace animate
