#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "animate/edit_settings.h"
#include "animate/export.h"
#include "animate/option_values.h"

namespace animate {

// What of the driver's motion the source takes over.
enum class AnimationRegion { All, Expression, Pose, Lip, Eyes };
template <>
inline constexpr auto kWords<AnimationRegion> = std::to_array<std::string_view>({"all", "exp", "pose", "lip", "eyes"});

// How far a driver's movement goes.
enum class DrivingOption {
  ExpressionFriendly,  // scaled to the size of the source's face, on the source's own place
  PoseFriendly,        // as large as the driver's
};
template <>
inline constexpr auto kWords<DrivingOption> = std::to_array<std::string_view>({"expression-friendly", "pose-friendly"});

// What to do when a source video and its driver differ in length.
enum class OnMismatch {
  Cut,     // stop with the shorter one, as the original
  Cycle,   // start the driver again
  Mirror,  // play it backwards, then forwards again, without showing its ends twice
  Hold,    // keep its last frame
};
template <>
inline constexpr auto kWords<OnMismatch> = std::to_array<std::string_view>({"cut", "cycle", "mirror", "hold"});

// What to do with driving frames without a face.
enum class OnLost { Hold, Skip, Fail };
template <>
inline constexpr auto kWords<OnLost> = std::to_array<std::string_view>({"hold", "skip", "fail"});

// Whose choices are made where this program's differ.
enum class CompatibleWith { None, LivePortrait };
template <>
inline constexpr auto kWords<CompatibleWith> = std::to_array<std::string_view>({"none", "liveportrait"});

// Options of LivePortrait alone (models/liveportrait/README.md#options); defaults are the original command line's, but
// for what its users asked to be otherwise: the source keeps its full resolution and the driving crop follows the face.
// --compat liveportrait brings the original's choices back.
struct ANIMATE_EXPORT LivePortraitOptions {
  // Motion
  AnimationRegion animation_region = AnimationRegion::All;
  DrivingOption driving_option = DrivingOption::ExpressionFriendly;
  double driving_multiplier = 1;
  bool stitching = true;
  bool normalize_lip = false;
  bool eye_retargeting = false;
  bool lip_retargeting = false;
  bool source_video_eye_retargeting = false;
  double driving_smooth_observation_variance = 3e-7;
  double smooth = 0;
  EditSettings set;
  bool animal = false;
  bool silent_lips = false;  // of `animate edit` on a source video
  // Inputs
  OnMismatch on_mismatch = OnMismatch::Cut;
  OnLost on_lost = OnLost::Hold;
  int64_t max_dim = 0;
  int64_t source_division = 1;
  // Faces
  FaceChoice face;
  std::optional<FaceBox> bbox;
  std::optional<FacePoints> points;
  DetectorChoice detector;
  std::filesystem::path landmarks106;  // empty: the model folder's
  std::filesystem::path landmarks203;
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
  CompatibleWith compat = CompatibleWith::None;

  void describe(OptionVisitor& visitor);
  bool like_the_original() const { return compat == CompatibleWith::LivePortrait; }
  bool operator==(const LivePortraitOptions&) const = default;
};

}  // namespace animate
