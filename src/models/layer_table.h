#pragma once

#include <vector>

#include "animate/toolbox.h"
#include "models/operation_recorder.h"

namespace animate::models {

struct LayerTable {
  std::vector<BenchLayer> layers;  // longest first
  double frame_milliseconds = 0;   // median of the recordings; what the layers do not make up lies between them
};

// Groups equal operations, by name and shapes, of several recordings of the same work, of which there must be one at
// least. Times are medians over the recordings, everything else is the first one's.
LayerTable layer_table(const std::vector<Recording>& recordings);

}  // namespace animate::models
