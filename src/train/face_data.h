#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "animate/trainer.h"
#include "train/autoencoder_config.h"

namespace animate::train {

// Faces of 64x64 as bytes [N, 3, 64, 64] on the CPU, and how many were passed over because they could not be read.
struct FaceBatch {
  torch::Tensor bytes;
  int64_t skipped = 0;
};

// Where an autoencoder's faces come from. What a number means never changes, so a batch is a function of its numbers.
// Safe to use from several threads.
class FaceData {
 public:
  virtual ~FaceData() = default;

  // Pictures of an epoch; 0: there is no end of them, and any number will do.
  virtual int64_t count() const = 0;
  // The faces of these numbers. Where one cannot be read the next that can takes its place, or with `replace` off
  // nothing does. Throws Error(Input) where none can be read.
  virtual FaceBatch take(const std::vector<int64_t>& numbers, bool replace) = 0;
  // Faces that are not trained on, at most `most`; undefined bytes where there are none.
  virtual FaceBatch held_out(int64_t most) = 0;
};

// Drawn heads, or the folder or list of --data. Throws as dataset::list_faces().
std::unique_ptr<FaceData> open_faces(const TrainJob& job, const AutoencoderConfig& config);

// The numbers of a step's batch: each epoch in an order of its own, without the last incomplete batch; a function of
// seed and step. All numbers where there are fewer than a batch.
std::vector<int64_t> numbers_of_step(const FaceData& data, int64_t batch, uint64_t seed, int64_t step);

// Steps of an epoch, at least 1; `endless` where there is no end.
int64_t steps_of_epoch(const FaceData& data, int64_t batch, int64_t endless);

}  // namespace animate::train
