#pragma once

#include <torch/types.h>

#include <cstdlib>
#include <string>

namespace animate::test {

// The device that the golden tests of the FOMM networks and the device tests compute on: $ANIMATE_TEST_DEVICE, else the
// CPU. scripts/gpu_check.sh names a GPU there.
inline torch::Device device() {
  const char* name = std::getenv("ANIMATE_TEST_DEVICE");
  return name == nullptr || *name == '\0' ? torch::Device(torch::kCPU) : torch::Device(std::string(name));
}

}  // namespace animate::test
