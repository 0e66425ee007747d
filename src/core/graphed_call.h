#pragma once

#include <torch/types.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/cuda/graph.h"

namespace animate::core {

// A function of tensors whose kernels are recorded once for every set of input shapes and then replayed, which spares
// the launches that a GPU otherwise waits for. The first calls with new shapes run as they are, which is the warm-up;
// then the recording is made. Where there is no recorder, or recording throws (one warning), every call just runs the
// function. The function must do the same work whatever the values, never wait for the device, and keep nothing.
// Thread-safe where all threads use the same stream, as they do unless told otherwise.
class GraphedCall {
 public:
  // Undefined tensors may stand for inputs and outputs that a model does not have.
  using Tensors = std::vector<torch::Tensor>;
  using Function = std::function<Tensors(const Tensors&)>;

  static constexpr int kWarmUps = 2;
  // Every recording keeps its memory. Once there are so many sets of shapes, others run without a recording.
  static constexpr size_t kMostShapes = 4;

  // `name` is for the warning. An empty recorder: nothing is recorded.
  GraphedCall(std::string name, Function function, cuda::GraphRecorder recorder = {});

  // Results are the caller's own. Under InferenceMode only.
  Tensors operator()(const Tensors& inputs) const;

  // Sets of shapes that were recorded; for tests.
  size_t recorded() const;

 private:
  struct Recording {
    int calls = 0;
    Tensors inputs, outputs;
    std::unique_ptr<cuda::RecordedWork> work;
  };
  bool has_place_for(const std::string& key) const;
  void record(Recording& recording, const Tensors& inputs) const;

  std::string name_;
  Function function_;
  cuda::GraphRecorder recorder_;
  mutable std::mutex mutex_;
  mutable bool gave_up_ = false;
  mutable std::map<std::string, Recording> recordings_;
};

}  // namespace animate::core
