#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "animate/rational.h"

namespace animate {

// The motion of one frame as a bundle of named tensors, each [1, ...]. The form motion has at the seam between a
// model and everybody else; inside a family it becomes a typed struct at once (fomm::Keypoints). Plain data.
struct Motion {
  std::map<std::string, torch::Tensor> tensors;

  Motion to(const torch::Device& device) const;
};

// Stored motion: what a driving clip becomes once its pictures are forgotten. A few hundred bytes a frame.
// Saved as safetensors: "motion.<name>" [N, ...], "pts" and "duration" [N] int64, the rest in the metadata.
struct MotionTemplate {
  std::string family;      // which family's extract_motion() made it
  std::string model;       // name of the model, for information
  Rational frame_rate;     // nominal frames a second
  Rational time_base;      // of pts and duration
  std::string audio_path;  // the driving clip, as long as it has sound; may be empty or gone
  double audio_start = 0;  // seconds into that clip at which the template starts
  std::vector<Motion> frames;
  std::vector<int64_t> pts;
  std::vector<int64_t> duration;

  // Writes atomically. Throws Error(Input).
  void save(const std::filesystem::path& path) const;
  // Reads and checks; every frame holds the same tensors. Throws Error(Input).
  static MotionTemplate load(const std::filesystem::path& path);
  // Whether the file is one of ours, by content.
  static bool matches(const std::filesystem::path& path);
};

}  // namespace animate
