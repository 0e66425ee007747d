#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "animate/export.h"
#include "animate/options.h"
#include "animate/progress.h"

namespace animate {

// How a run is cut into steps. The networks and losses are the YAML config's.
struct ANIMATE_EXPORT TrainOptions {
  int64_t steps = 0;              // steps of the whole run, those before a resume included; 0: num_epochs of the config
  int64_t seed = 1;               // of weights, data and transforms
  int64_t steps_per_epoch = 500;  // for data without an end (heads): when milestones count on
  int64_t log_every = 10;         // steps between two lines of the log
  int64_t sheet_every = 200;      // steps between two picture sheets; 0: none
  int64_t checkpoint_every = 200;  // steps between two checkpoints; one is always written at the end
  double teacher = 0.15;           // heads: share of steps that give the generator the true keypoints
  int64_t teacher_steps = 150;     // heads: the first steps, all with the true keypoints
  Switch amp = Switch::Auto;       // mixed precision; auto: on where a GPU computes in bfloat16
  bool fit_only = false;           // autoencoder: no step; the distribution of its codes is fitted and stored
  RuntimeOptions runtime;

  void describe(OptionVisitor& visitor);
};

struct TrainJob {
  std::filesystem::path config;  // published YAML schema with train_params
  // FOMM: a folder in the original's train/test layout. An autoencoder: a folder of faces, or a list of their paths.
  // None: drawn heads.
  std::optional<std::filesystem::path> data;
  std::filesystem::path output;  // folder: log.jsonl, sheets/, checkpoint.pth.tar, model.safetensors
  std::filesystem::path
      init;  // a model or checkpoint whose weights a new run starts from, as far as they fit; empty: none
  std::filesystem::path vgg;     // VGG-19's ImageNet weights for the perceptual loss; empty: a structural loss instead
  std::filesystem::path resume;  // a checkpoint to go on from; empty: the output folder's own, if there is one
  TrainOptions options;
};

struct TrainSummary {
  std::filesystem::path model;  // the exported safetensors
  int64_t first_step = 0;       // 0, or where it was resumed
  int64_t steps = 0;            // reached
  double first_loss = 0;        // mean over the first and the last lines of the log
  double last_loss = 0;
  int64_t skipped = 0;  // clips, or pictures of faces, that could not be read and were replaced by others
  double seconds = 0;
};

// Trains FOMM by the paper (models/fomm/README.md#training), an autoencoder of faces
// (models/autoencoder/README.md#training), or a stage of a video LDM (models/video_ldm/README.md#training), as the
// config says. Throws animate::Error; a stop request ends the run after the step at hand with a checkpoint to resume
// from and Error(Cancelled).
class ANIMATE_EXPORT Trainer {
 public:
  virtual ~Trainer() = default;
  virtual TrainSummary train(const TrainJob& job, Progress& progress, std::stop_token stop) = 0;
};

ANIMATE_EXPORT std::unique_ptr<Trainer> make_trainer();

}  // namespace animate
