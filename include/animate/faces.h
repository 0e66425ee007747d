#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>

#include "animate/export.h"
#include "animate/facts.h"
#include "animate/job.h"
#include "animate/model.h"
#include "animate/options.h"
#include "animate/progress.h"

namespace animate {

// Which faces are drawn, and how they are shown.
struct ANIMATE_EXPORT FacesOptions {
  int64_t count = 64;
  int64_t seed = 0;
  double temperature = 1;  // scale of the deviation from the mean face, 0 to 3; 0: the mean face alone
  int64_t columns = 8;     // of a sheet
  int64_t size = 64;       // side of each picture in pixels; the model paints 64, more is enlarged
  bool walk = false;       // a clip that goes through all of them and back to the first
  int64_t steps = 25;      // of a walk: frames from each face to the next

  void describe(OptionVisitor& visitor);
  bool operator==(const FacesOptions&) const = default;
};

struct FacesJob {
  ModelSpec model;  // an autoencoder of faces; empty: the one that ships
  // A picture: a sheet. A series (faces/%03d.png): single pictures. A clip, or with `walk` also a series: a walk.
  std::filesystem::path output;
  std::filesystem::path distribution;  // of codes, .npz or .safetensors; empty: what came with the weights
  FacesOptions options;
  OutputOptions writing;  // fps, codec, crf, encoder_preset, pix_fmt, provenance, overwrite, strict
  RuntimeOptions runtime;
};

struct FacesResult {
  AnimateSummary summary;  // frames: pictures that were written; a sheet is one
  ModelFacts model;
};

// Faces of nobody, drawn from the distribution of an autoencoder's codes (models/autoencoder/README.md#faces).
class ANIMATE_EXPORT FaceMaker {
 public:
  virtual ~FaceMaker() = default;

  // Everything that can be told to be wrong before a model is opened. Throws Error(Usage) or Error(Input).
  virtual void check(const FacesJob& job) const = 0;
  // Throws animate::Error: Model for a model without a distribution, or one of codes of another length. A job that
  // throws, or is stopped (ErrorKind::Cancelled), leaves nothing under the output's name.
  virtual FacesResult make(const FacesJob& job, Progress& progress, std::stop_token stop = {}) const = 0;
};

ANIMATE_EXPORT std::unique_ptr<FaceMaker> make_face_maker();

}  // namespace animate
