#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "animate/export.h"
#include "animate/facts.h"
#include "animate/image.h"
#include "animate/job.h"
#include "animate/options.h"
#include "animate/progress.h"
#include "animate/session.h"

namespace animate {

// Which model: a name that the search finds, a folder with config and weights, or a weights file.
// The original's pair of files, a YAML config and a checkpoint, is given as `config` and `model`.
struct ModelSpec {
  std::string model;             // empty: the default model
  std::filesystem::path config;  // empty: beside the weights, in their metadata, or told from their shapes
  FommOptions fomm = {};         // what FOMM's networks are built with; those of a job say no more about that
};

// An opened model: weights in memory, ready for any number of jobs and sessions. Thread-safe: it is only read, and jobs
// may run side by side. Every call throws animate::Error.
class ANIMATE_EXPORT Model {
 public:
  virtual ~Model() = default;

  virtual const std::string& name() const = 0;
  // What is loaded, with the hashes of its files; these are computed once, when they are first asked for.
  virtual ModelFacts facts() const = 0;

  // Source and driver to a finished file. A job that throws, or is stopped (ErrorKind::Cancelled), leaves nothing under
  // the output's name. `progress` is called from this thread.
  virtual AnimateSummary run(const AnimateJob& job, Progress& progress, std::stop_token stop = {}) const = 0;
  // The motion of a driving clip to a reusable template.
  virtual AnimateSummary run(const TemplateJob& job, Progress& progress, std::stop_token stop = {}) const = 0;

  // Pictures in memory, one by one: `source` moves like the pictures that the session is given. The session keeps the
  // model alive. Throws Error(Usage) for options that need a whole clip or a file, Error(Input) for a picture without a
  // face where one is needed.
  virtual std::unique_ptr<Session> open_session(const Image& source, const AnimateOptions& options = {}) const = 0;
};

// Finds and loads a model. Throws Error(Input) or Error(Model) for its files, Error(Usage) for options.
//
// Sets for the whole process, as LibTorch and FFmpeg have it: the number of threads (RuntimeOptions::threads), and on
// CUDA TF32 and cuDNN's choice of kernels (RuntimeOptions::precision). The last opened model's options hold for all.
ANIMATE_EXPORT std::shared_ptr<const Model> open_model(const ModelSpec& spec, const RuntimeOptions& options = {});

}  // namespace animate
