#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "animate/dream_options.h"
#include "animate/export.h"
#include "animate/facts.h"
#include "animate/job.h"
#include "animate/model.h"
#include "animate/options.h"
#include "animate/progress.h"

namespace animate {

// A photo that becomes a clip without a driver (models/video_diffusion/README.md).
struct DreamJob {
  ModelSpec model;  // an image-to-video model: a name, its folder or its single file
  std::filesystem::path source;
  std::filesystem::path output;
  DreamOptions options;
  OutputOptions writing;  // codec, crf, encoder_preset, pix_fmt, provenance, overwrite, strict
  RuntimeOptions runtime;
};

// What a job will do and cost, told before any weight is read.
struct DreamPlan {
  int64_t frames = 0;  // of one run
  int64_t length = 0;  // of the clip
  int64_t runs = 1;
  int64_t width = 0;
  int64_t height = 0;
  int64_t steps = 0;
  int64_t calls = 0;       // of the UNet, in all
  int64_t chunk = 0;       // frames decoded at once
  double tflop = 0;        // 10^12 floating-point operations, in all
  double memory = 0;       // bytes at the busiest moment, without the program itself
  double free_memory = 0;  // bytes that the machine has left; 0: not known
  std::string device;
  double seconds = 0;              // by what the device reached in a probe of a second; 0: it was not probed
  std::vector<std::string> hints;  // what the model was not trained for
};

struct DreamResult {
  AnimateSummary summary;
  ModelFacts model;
};

class ANIMATE_EXPORT Dreamer {
 public:
  virtual ~Dreamer() = default;

  // Everything that can be told to be wrong before the model's files are opened. Throws Error(Usage) or Error(Input).
  virtual void check(const DreamJob& job) const = 0;
  // Opens files and photo, reads no weights; `probe` measures the device for a second. Throws as make() does.
  virtual DreamPlan plan(const DreamJob& job, bool probe) const = 0;
  // Throws animate::Error: Input where it does not fit into memory, Model for weights that do not fit together. A job
  // that throws, or is stopped (ErrorKind::Cancelled), leaves nothing under the output's name; its latents are kept
  // where they were asked for.
  virtual DreamResult make(const DreamJob& job, Progress& progress, std::stop_token stop = {}) const = 0;
};

ANIMATE_EXPORT std::unique_ptr<Dreamer> make_dreamer();

}  // namespace animate
