#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>

#include "animate/image.h"

namespace animate {

// The three stages that a clip streams through. Each is called from one thread only, in order.
struct PipelineStages {
  std::function<std::optional<Frame>()> decode;  // on its own thread; nullopt ends the clip
  std::function<Frame(Frame)> infer;             // on the calling thread
  std::function<void(Frame)> encode;             // on its own thread
};

struct PipelineStats {
  int64_t frames = 0;
  double decode_seconds = 0;  // work, without waiting
  double infer_seconds = 0;
  double encode_seconds = 0;
  size_t decode_stalls = 0;  // times the calling thread waited for a decoded frame
  size_t encode_stalls = 0;  // times it waited for room in front of the encoder
};

// Runs decode -> infer -> encode over bounded queues of `depth` frames: memory does not grow with the clip.
// Returns when every frame is encoded. The first exception of any stage stops the others and is rethrown after all
// threads have joined; a stop request throws Error(Cancelled).
PipelineStats run_pipeline(const PipelineStages& stages, std::stop_token stop, size_t depth = 4);

}  // namespace animate
