#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "animate/rational.h"
#include "motion/face_motion.h"
#include "motion/motion_template.h"

namespace animate::motion {

// The motion template of the LivePortrait family, typed. Plain data.
// Canonical points and open ratios are there for every frame or for none (models/liveportrait/README.md#layout).
struct FaceTemplate {
  std::string model;       // name of the model, for information; empty in files of the original
  Rational frame_rate;     // nominal frames a second
  Rational time_base;      // of pts and duration, seconds a tick
  std::string audio_path;  // as in MotionTemplate
  double audio_start = 0;
  std::vector<FaceFrame> frames;
  std::vector<int64_t> pts;
  std::vector<int64_t> duration;

  bool has_canonical() const { return !frames.empty() && !frames.front().motion.canonical.empty(); }
  bool has_ratios() const { return !frames.empty() && frames.front().ratios.has_value(); }
};

// The family's name in templates.
inline constexpr const char* kLivePortraitFamily = "liveportrait";

// One frame as it crosses the seam: arrays exp [1, K, 3], R [1, 3, 3], t [1, 3], scale [1, 1], and where they are known
// kp [1, K, 3], c_eyes [1, 2] and c_lip [1, 1].
Motion to_motion(const FaceFrame& frame);
// Throws Error(Input) with a sentence that begins with "the motion" when an array is missing or has another shape.
FaceFrame to_face_frame(const Motion& motion);

// Both ways without loss. to_face_template() throws Error(Input) for a template of another family or with arrays of
// other shapes; `shown` is the file, for the message.
MotionTemplate to_motion_template(const FaceTemplate& face);
FaceTemplate to_face_template(const MotionTemplate& stored, const std::string& shown);

}  // namespace animate::motion
