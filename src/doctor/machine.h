#pragma once

#include <cstdint>
#include <filesystem>

#include "doctor/gpu.h"

namespace animate::doctor {

// The machine, as far as a job cares.
struct Machine {
  int cores = 1;                 // that this process may use
  int64_t memory = 0;            // bytes, or the container's limit where that is less; 0: not told
  int64_t memory_available = 0;  // bytes
  Gpus gpus;
  std::filesystem::path output;  // the folder that was asked about
  bool output_writable = false;
  int64_t output_free = 0;         // bytes for this user
  std::filesystem::path cascades;  // folder of OpenCV's face cascades; empty: none
};

Machine look_at_machine(const std::filesystem::path& output);

}  // namespace animate::doctor
