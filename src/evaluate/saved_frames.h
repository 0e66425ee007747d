#pragma once

#include <torch/types.h>

#include <filesystem>
#include <string>

namespace animate::evaluate {

// Frames for detectors of any make: <folder>/driving/<clip>/0000000.png, … and <folder>/generated/<clip>/… .
class SavedFrames {
 public:
  explicit SavedFrames(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // Both [1, 3, H, W] in [0, 1]. Throws Error(Input) where they cannot be written, Error(Usage) in a build without the
  // media room.
  void save(const std::string& clip, int64_t frame, const torch::Tensor& driving, const torch::Tensor& generated) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace animate::evaluate
