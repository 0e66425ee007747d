#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/bounded_queue.h"
#include "base/error.h"
#include "base/stopwatch.h"

namespace animate {

// The three stages that a clip streams through. Each is called from one thread only, in order.
template <typename Decoded, typename Rendered>
struct PipelineStages {
  std::function<std::optional<Decoded>()> decode;  // on its own thread; nullopt ends the clip
  std::function<Rendered(Decoded)> infer;          // on the calling thread
  std::function<void(Rendered)> encode;            // on its own thread
};

struct PipelineStats {
  int64_t frames = 0;
  double decode_seconds = 0;  // work, without waiting
  double infer_seconds = 0;
  double encode_seconds = 0;
  size_t decode_stalls = 0;  // times the calling thread waited for a decoded frame
  size_t encode_stalls = 0;  // times it waited for room in front of the encoder
};

// Keeps the first exception of several threads; later ones are consequences of it. Thread-safe.
class FirstError {
 public:
  void keep(std::exception_ptr error) {
    const std::scoped_lock lock(mutex_);
    if (!first_) first_ = std::move(error);
  }
  void rethrow() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr first_;
};

// Runs decode -> infer -> encode over bounded queues of `depth` items: memory does not grow with the clip.
// Returns when every item is encoded. The first exception of any stage stops the others and is rethrown after all
// threads have joined; a stop request throws Error(Cancelled).
template <typename Decoded, typename Rendered>
PipelineStats run_pipeline(const PipelineStages<Decoded, Rendered>& stages, std::stop_token stop, size_t depth = 4) {
  BoundedQueue<Decoded> decoded(depth);
  BoundedQueue<Rendered> rendered(depth);
  FirstError error;
  PipelineStats stats;
  const auto give_up = [&] {
    error.keep(std::current_exception());
    decoded.fail();
    rendered.fail();
  };

  std::jthread decoder([&] {
    try {
      while (true) {
        const Stopwatch watch;
        auto item = stages.decode();
        stats.decode_seconds += watch.seconds();
        if (!item || !decoded.push(std::move(*item))) break;
      }
      decoded.close();
    } catch (...) {
      give_up();
    }
  });
  std::jthread encoder([&] {
    try {
      while (auto item = rendered.pop()) {
        const Stopwatch watch;
        stages.encode(std::move(*item));
        stats.encode_seconds += watch.seconds();
      }
    } catch (...) {
      give_up();
    }
  });

  try {
    while (auto item = decoded.pop()) {
      check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
      const Stopwatch watch;
      auto result = stages.infer(std::move(*item));
      stats.infer_seconds += watch.seconds();
      if (!rendered.push(std::move(result))) break;
      ++stats.frames;
    }
    rendered.close();
  } catch (...) {
    give_up();
  }
  decoder.join();
  encoder.join();
  error.rethrow();
  check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
  stats.decode_stalls = decoded.pop_stalls();
  stats.encode_stalls = rendered.push_stalls();
  return stats;
}

}  // namespace animate
