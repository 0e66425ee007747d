#pragma once

#include <memory>

#include "train/training_data.h"

namespace animate::train {

// The same data, whose next batch one background thread makes while the caller works on this one. At most two batches
// wait. An exception crosses over to the call that wanted its batch. Made for ascending steps of one device; another
// step or device starts the thread anew.
std::unique_ptr<TrainingData> prefetched(std::unique_ptr<TrainingData> data);

}  // namespace animate::train
