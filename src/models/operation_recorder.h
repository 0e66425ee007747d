#pragma once

#include <torch/types.h>

#include <functional>
#include <vector>

#include "models/operation_cost.h"

namespace animate::models {

struct RecordedOperation : OperationCost {
  double milliseconds = 0;
};

struct Recording {
  std::vector<RecordedOperation> operations;  // in the order of their calls
  double milliseconds = 0;                    // of all of `work`
};

// Calls `work` and watches the operations of LibTorch's, and the kernels of this program, that it calls on this thread.
// Only the outermost are recorded, with all that they call in turn: what conv2d does inside is not counted again. A GPU
// is waited for before and after each, so the times are its own. Not to be nested.
Recording record_operations(const std::function<void()>& work, torch::Device device);

}  // namespace animate::models
