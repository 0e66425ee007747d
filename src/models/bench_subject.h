#pragma once

#include <torch/types.h>

#include <functional>
#include <string>
#include <vector>

#include "animate/toolbox.h"

namespace animate::models {

// One way of computing a family's frame, ready to be called: the networks on their device, the inputs made. What is
// behind the functions belongs to them. Two subjects of the same model, options.baseline apart, have the same stages'
// names, weights and inputs. To be called in inference mode, from one thread.
struct BenchSubject {
  struct Stage {
    BenchStage facts;  // without times, which bench_run fills in, and operations, which it counts where none are told
    std::function<void()> work;
    // In place of `work`, where networks are too large to lie beside each other: makes it when its turn comes.
    std::function<std::function<void()>()> open = {};
    int64_t frames = 1;  // that one call is for
  };

  std::string model;
  int64_t width = 0;  // of the frames that the networks see
  int64_t height = 0;
  std::vector<Stage> stages;
  // Whole frames -> [batch, C, H', W'] in [0, 1]; empty: a frame is what the stages take that it has.
  std::function<torch::Tensor()> frame;
  int64_t batch = 1;  // frames that one call makes
  // One render of a frame without reading its motion, and a frame of a morph; empty where there is none.
  std::function<void()> render = {};
  std::function<void()> morph = {};
  int64_t repetitions = 0;  // of every stage, the first counted, too; 0: options.frames, after two that are not
};

// The seed of random weights and of the inputs: before either is made.
inline constexpr uint64_t kBenchSeed = 1;

}  // namespace animate::models
