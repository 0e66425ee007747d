#pragma once

#include <torch/types.h>

#include <string>

#include "animate/option_values.h"
#include "core/cuda_devices.h"

namespace animate::core {

// Auto is the first CUDA device that works, else the CPU; one line says so where LibTorch is built for CUDA. Throws
// Error(Input) when CUDA is asked for and absent, or the device of that number is, or does not work. Where it is the
// CPU, LibTorch's convolutions are right from then on.
torch::Device choose_device(const DeviceChoice& choice);
// The same with devices that may be made up.
torch::Device choose_device(const DeviceChoice& choice, const CudaDevices& devices);

// A small tensor of the computer's memory on its way to a device, without waiting for what the device still has to do;
// as it is for the CPU.
torch::Tensor sent_to(const torch::Device& device, const torch::Tensor& tensor);

// Makes a device ready: its context, and the libraries that products and convolutions need, which take seconds to load
// on a GPU. Nothing on the CPU. Any thread.
void wake_device(const torch::Device& device);

// "cpu (2 threads)" or "cuda:0 (NVIDIA H200, compute capability 9.0)" for the log.
std::string describe_device(const torch::Device& device);

// Whether convolutions run in bfloat16 there. Never on the CPU, which only imitates it.
bool computes_bfloat16(const torch::Device& device);

}  // namespace animate::core
