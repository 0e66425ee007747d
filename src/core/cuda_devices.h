#pragma once

#include <functional>
#include <string>

namespace animate::core {

// What LibTorch knows of CUDA devices; tests make up others.
struct CudaDevices {
  bool built = false;  // LibTorch is built for CUDA
  int count = 0;       // devices that its driver shows
  // Runs a kernel on the device of a number; throws what LibTorch throws.
  std::function<void(int number)> try_out;
  // "NVIDIA H200, compute capability 9.0"; may be empty.
  std::function<std::string(int number)> name;
};

CudaDevices cuda_devices();

// Why a device cannot be used, as the rest of a sentence that begins with its number: "is an NVIDIA K80, …, for which
// this LibTorch has no code"; empty: it can. It is tried out once in the life of a process.
std::string trouble_with(int number, const CudaDevices& devices);

}  // namespace animate::core
