#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>

#include "animate/engine.h"
#include "serve/settings.h"

namespace animate::serve {

struct LiveBenchRequest {
  std::filesystem::path clip;     // stands for the camera
  std::filesystem::path picture;  // what it moves; empty: the sample head
};

// In milliseconds.
struct Spread {
  double median = 0;
  double p99 = 0;  // 99th percentile
};

struct LiveBenchReport {
  std::string model;
  int64_t frames = 0;  // sent in each round, and by each session
  int frame_width = 0, frame_height = 0;
  int result_width = 0, result_height = 0;
  int64_t with_face = 0;  // answers that found one, of the first two rounds
  int64_t answers = 0;    // of the first two rounds
  // One frame after the other.
  double frames_per_second = 0;  // answers that differ from the one before
  Spread inference;              // in Session::animate
  Spread overhead;               // from a frame's start on its way to its answer, beyond that
  // Frames at double the rate at which they can be answered.
  double interval = 0;  // between two of them, milliseconds
  double loaded_frames_per_second = 0;
  Spread delay;  // from a frame's start on its way to its answer
  double delay_in_inferences = 0;
  int64_t replaced = 0;  // frames that newer ones replaced while they waited
  // Two sessions at once, each one frame after the other: what each of them gets.
  double slower_frames_per_second = 0, faster_frames_per_second = 0;
};

// Plays a clip against a live session of a server of its own, over loopback and without a browser: the middle square of
// its pictures, at most 256 pixels wide, as JPEG; its first 300 pictures. What the server keeps lies in a temporary
// folder. Throws animate::Error for files that cannot be used, before a model is opened.
LiveBenchReport bench_live(ServeSettings settings, const Engine& engine, const LiveBenchRequest& request,
                           std::stop_token stop);

}  // namespace animate::serve
