#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "animate/error.h"
#include "animate/export.h"
#include "animate/facts.h"
#include "animate/options.h"
#include "animate/progress.h"

namespace animate {

// Which model: a name that the search finds, a folder with config and weights, or a weights file.
// The original's pair of files, a YAML config and a checkpoint, is given as `config` and `model`.
struct ModelSpec {
  std::string model;             // empty: the default model
  std::filesystem::path config;  // empty: beside the weights, in their metadata, or told from their shapes
};

struct AnimateJob {
  std::filesystem::path source;   // picture; for LivePortrait also video, folder of frames, frames/%05d.png
  std::filesystem::path driving;  // video, GIF, folder of frames, frames/%05d.png, motion template; empty: edits source
  std::filesystem::path output;   // the suffix chooses the container
  AnimateOptions options;
  bool preview = false;  // a contact sheet, one picture, in place of the result
};

struct TemplateJob {
  std::filesystem::path driving;
  std::filesystem::path output;  // .pkl: LivePortrait's own format
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

// The engine: holds one loaded model and runs any number of jobs with it. Once load() has returned, run(), check() and
// make_template() may be called from several threads at once: they only read the model. Every call throws
// animate::Error; a job that throws, or is stopped (ErrorKind::Cancelled), leaves nothing under the output's name.
class ANIMATE_EXPORT Animator {
 public:
  virtual ~Animator() = default;

  // Everything that can be told to be wrong with a job before weights are loaded. run() checks again.
  virtual void check(const AnimateJob& job) const = 0;
  virtual void check(const TemplateJob& job) const = 0;

  // Loads a model; returns its name. Must come before the jobs.
  virtual std::string load(const ModelSpec& spec, const AnimateOptions& options) = 0;
  // What is loaded, with the hashes of its files; these are computed once, when they are first asked for.
  virtual ModelFacts model() = 0;
  virtual AnimateSummary run(const AnimateJob& job, Progress& progress, std::stop_token stop) = 0;
  // Extracts the motion of a driving clip into a reusable template.
  virtual AnimateSummary make_template(const TemplateJob& job, Progress& progress, std::stop_token stop) = 0;
};

ANIMATE_EXPORT std::unique_ptr<Animator> make_animator();

}  // namespace animate
