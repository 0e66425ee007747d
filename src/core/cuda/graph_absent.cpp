#include "core/cuda/graph.h"

// Built in place of graph.cpp where LibTorch has no CUDA, or another interface than graph.cpp knows.
namespace animate::core::cuda {

GraphRecorder graph_recorder() { return {}; }

}  // namespace animate::core::cuda
