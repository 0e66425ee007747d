#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace animate::doctor {

// One NVIDIA card, as its driver tells.
struct Card {
  std::string name;    // "NVIDIA H200"
  int capability = 0;  // compute capability times ten: 90 is 9.0; 0: not told
  int64_t memory = 0;  // bytes; 0: not told
};

// NVIDIA's driver and what it drives.
struct Gpus {
  bool loaded = false;      // a driver is there
  std::string driver;       // its version, "550.54.15"; empty: not told
  bool answers = false;     // the driver's library was loaded and started
  std::string trouble;      // why it does not answer; empty where it does, and without a driver
  int driver_cuda = 0;      // newest CUDA that the driver can, as 12040 for 12.4; 0: not told
  std::vector<Card> cards;  // with names alone where the driver does not answer
};

// Where the driver is looked for; tests name others.
struct GpuPlaces {
  std::filesystem::path proc = "/proc/driver/nvidia";
  std::string library = "libcuda.so.1";
};

// Reads what the driver has in /proc and asks its library, which is loaded for that. No context is made on a card.
Gpus look_at_gpus(const GpuPlaces& places = {});

}  // namespace animate::doctor
