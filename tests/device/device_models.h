#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/cuda/graph.h"
#include "core/precision.h"
#include "models/driven_model.h"

namespace animate::test {

// $ANIMATE_TEST_PRECISION (fp32, tf32, fp16, bf16), else fp32.
PrecisionChoice precision();

// How far a frame in a precision may lie from the CPU's in float32, of the range 0..1: the largest difference of any
// value, and the mean over all. Stated ahead: half has 11 digits, bfloat16 8, TF32 11, and the networks here add up
// some hundreds of products a value, layer after layer.
struct Tolerance {
  double largest = 0;
  double mean = 0;
};
Tolerance tolerance_of(PrecisionChoice choice);

// Where and how a model computes.
struct Setting {
  torch::Device device = torch::kCPU;
  PrecisionChoice precision = PrecisionChoice::Fp32;
  bool fast_convolutions = false;  // the CPU's own
  core::cuda::GraphRecorder recorder;
};

// The setting that this run is about: test::device() and precision(), on the CPU with its own convolutions.
Setting tested_setting();
// Float32 on the CPU, as the golden tests prove it.
Setting reference_setting();

// A family's model from the golden fixtures.
struct Kind {
  std::string name;
  std::function<std::shared_ptr<const models::DrivenModel>(const Setting&)> make;
};
std::vector<Kind> kinds();

// Records CUDA graphs on a GPU; elsewhere the work is kept and done again, as if it had been recorded. Counts
// recordings.
core::cuda::GraphRecorder counting_recorder(const torch::Device& device, int& recordings);

}  // namespace animate::test
