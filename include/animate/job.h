#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "animate/error.h"
#include "animate/export.h"
#include "animate/facts.h"
#include "animate/options.h"

namespace animate {

// In place of a driver's path: no clip, motion made by formulas (IdleOptions). A file of that name is ./idle.
inline constexpr std::string_view kIdleDriver = "idle";

struct AnimateJob {
  std::filesystem::path source;  // picture; for LivePortrait also video, folder of frames, frames/%05d.png
  // video, GIF, folder of frames, frames/%05d.png, motion template, or kIdleDriver; empty: edits source, or morphs it
  std::filesystem::path driving;
  std::filesystem::path output;  // the suffix chooses the container
  AnimateOptions options;
  bool preview = false;  // a contact sheet, one picture, in place of the result
  // Of a morph, which has no driver: the pictures that the source becomes, one after the other.
  std::vector<std::filesystem::path> targets = {};
};

struct TemplateJob {
  std::filesystem::path driving;  // a clip, or kIdleDriver
  std::filesystem::path output;   // .pkl: LivePortrait's own format
  AnimateOptions options;
};

// What happened, for the log and for reports. Stage seconds overlap: decoding, inference, composing and encoding run
// side by side.
struct AnimateSummary {
  std::filesystem::path output;
  int64_t frames = 0;
  int64_t reference_frame = 0;
  int width = 0;
  int height = 0;
  double seconds = 0;  // wall clock, from the first read to the finished file
  double decode_seconds = 0;
  double motion_seconds = 0;   // driving frame -> motion
  double render_seconds = 0;   // motion -> frame
  double compose_seconds = 0;  // pasting back, drawing, panels
  double encode_seconds = 0;
  int64_t batch = 1;  // frames that went through the networks at once
  QueueWaits waits;
  std::vector<FaceGap> gaps;
  std::string framed_by;               // which networks said where the faces are; empty where nobody had to
  std::optional<MotionJitter> jitter;  // absent below three frames
  PosesOutside outside;
  std::vector<std::string> warnings;
};

// OutputOptions::strict: the job went well but for its warnings, and its result was thrown away.
class ANIMATE_EXPORT StrictError : public Error {
 public:
  StrictError(const std::string& message, AnimateSummary facts)
      : Error(ErrorKind::Input, message), facts_(std::move(facts)) {}

  const AnimateSummary& facts() const noexcept { return facts_; }

 private:
  AnimateSummary facts_;
};

// Everything that can be told to be wrong with a job before a model is opened: files that are missing, an output that
// cannot be written or is an input, options that contradict each other. Model::run() checks again. Throws Error(Usage)
// or Error(Input). Thread-safe.
ANIMATE_EXPORT void check_job(const AnimateJob& job);
ANIMATE_EXPORT void check_job(const TemplateJob& job);

}  // namespace animate
