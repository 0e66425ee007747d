#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "animate/rational.h"
#include "motion/motion.h"

namespace animate::motion {

// Stored motion: what a driving clip becomes once its pictures are forgotten. A few hundred bytes a frame.
// Saved as safetensors: "motion.<name>" [N, ...], "pts" and "duration" [N] int64, the rest in the metadata.
struct MotionTemplate {
  std::string family;      // which family's extract_motion() made it
  std::string model;       // name of the model, for information
  Rational frame_rate;     // nominal frames a second
  Rational time_base;      // of pts and duration, seconds a tick
  std::string audio_path;  // the driving clip, as text_of_path writes it; may be empty or gone
  double audio_start = 0;  // seconds into that clip at which the template's time 0 lies
  std::vector<Motion> frames;
  std::vector<int64_t> pts;       // when each frame begins; increasing
  std::vector<int64_t> duration;  // how long each frame is shown; 0 where that is not known

  bool operator==(const MotionTemplate&) const = default;

  // Writes atomically. Throws Error(Input).
  void save(const std::filesystem::path& path) const;
  // Reads and checks; every frame holds the same arrays. Throws Error(Input).
  static MotionTemplate load(const std::filesystem::path& path);
  // Whether the file is one of ours, by content.
  static bool matches(const std::filesystem::path& path);
};

}  // namespace animate::motion
