#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace animate {

// A file that a model is made of.
struct ModelFile {
  std::string role;  // weights, config, a network's name as in LivePortrait's folder, detector, landmarks
  std::filesystem::path path;
  int64_t bytes = 0;
  std::string sha256;
};

// The model that is loaded, and what it runs on.
struct ModelFacts {
  std::string name;
  std::string family;
  int64_t parameters = 0;
  // Of the weights: the file's SHA-256; of several files that of the lines "HASH  NETWORK" in the order of the
  // networks' names. Empty for a model without weights.
  std::string sha256;
  std::vector<ModelFile> files;
  std::string device;                 // as in "cpu (2 threads)"
  std::string torch_version;          // LibTorch's
  std::vector<std::string> warnings;  // that came while it was loaded
};

// Frames of an input in which no face was found.
struct FaceGap {
  std::string input;  // "source" or "driving"
  int64_t first = 0;  // frame, counted from 0 in that input
  int64_t last = 0;
  double begin = 0;  // seconds at which the first begins, and the last
  double end = 0;
  std::string policy;  // what was done: "hold", "skip", "unchanged"
};

// How much the motion trembles: mean absolute second difference from frame to frame of the keypoints' x and y,
// |k(t+1) - 2 k(t) + k(t-1)|, in units in which the model's frame is 2 wide.
struct MotionJitter {
  double before = 0;   // without the smoother
  double after = 0;    // as the result moves; equal where nothing is smoothed
  int64_t frames = 0;  // that went into it, at least 3
};

// What was waited for at one queue between two stages of a job, which run side by side.
struct QueueWait {
  int64_t empty = 0;         // times the stage behind the queue found nothing in it and waited
  double empty_seconds = 0;  // for so long in all
  int64_t full = 0;          // times the stage in front found no room and waited
  double full_seconds = 0;
};

// The queues of a job, in the order that frames go through them: decode -> infer -> compose -> encode.
struct QueueWaits {
  QueueWait decoded;
  QueueWait rendered;
  QueueWait composed;
};

struct FrameSpan {
  int64_t first = 0;
  int64_t last = 0;
};

// Frames of the result in which a keypoint lies outside the model's frame, -1..1, where its networks see nothing.
// Neither original clips poses when it animates: this is how far a pose may go and be painted.
struct PosesOutside {
  int64_t frames = 0;
  std::vector<FrameSpan> spans;
};

}  // namespace animate
