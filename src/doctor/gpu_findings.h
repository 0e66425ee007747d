#pragma once

#include <string>
#include <vector>

#include "doctor/cuda_facts.h"
#include "doctor/finding.h"
#include "doctor/gpu.h"

namespace animate::doctor {

// Where the networks will run, and, where there is a driver or LibTorch is built for CUDA, the GPUs and what of them
// does not fit. A judgement of facts alone.
std::vector<Finding> gpu_findings(int cores, const Gpus& gpus, const CudaFacts& cuda);

// What brings a shared library that the loader does not find: the second half of a sentence.
std::string what_brings(const std::string& soname);

}  // namespace animate::doctor
