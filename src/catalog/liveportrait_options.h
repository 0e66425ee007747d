#pragma once

#include <string>

#include "animate/options.h"

namespace animate {

// Options of LivePortrait alone (spec section 9.1); defaults are the original command line's, but for what its users
// asked to be otherwise: the source keeps its full resolution and the driving crop follows the face.
// --compat liveportrait brings the original's choices back.
class LivePortraitOptions : public FamilyOptions {
 public:
  // Motion
  std::string animation_region = "all";
  std::string driving_option = "expression-friendly";
  double driving_multiplier = 1;
  bool stitching = true;
  bool normalize_lip = false;
  bool eye_retargeting = false;
  bool lip_retargeting = false;
  bool source_video_eye_retargeting = false;
  double driving_smooth_observation_variance = 3e-7;
  double smooth = 0;
  std::string set;           // the settings of motion/edit_settings.h
  bool silent_lips = false;  // of `animate edit` on a source video
  // Inputs
  std::string on_mismatch = "cut";
  std::string on_lost = "hold";
  int64_t max_dim = 0;
  int64_t source_division = 1;
  // Faces
  std::string face = "largest";
  std::string bbox;
  std::string points;
  std::string detector = "auto";
  std::string landmarks106;
  std::string landmarks203;
  double det_thresh = 0.15;
  // Crops
  double scale = 2.3;
  double vx_ratio = 0;
  double vy_ratio = -0.125;
  bool rotation = true;
  bool crop_driving = false;
  double scale_crop_driving = 2.2;
  double vx_ratio_crop_driving = 0;
  double vy_ratio_crop_driving = -0.1;
  std::string compat = "none";

  std::string_view family() const override { return "liveportrait"; }
  void describe(OptionVisitor& visitor) override;
  bool like_the_original() const { return compat == "liveportrait"; }
};

}  // namespace animate
