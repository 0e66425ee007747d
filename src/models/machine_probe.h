#pragma once

#include <torch/types.h>

#include "animate/toolbox.h"

namespace animate::models {

// What the device reaches at its best, with LibTorch's present number of threads: the fastest of several large float32
// matrix products, and of several copies of far more than any cache holds. Takes about a second on a CPU; needs 0.5 GB
// of memory there, 2 GB on a GPU.
MachineProbe probe_machine(torch::Device device);

}  // namespace animate::models
