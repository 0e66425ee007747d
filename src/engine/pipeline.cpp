#include "engine/pipeline.h"

#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/bounded_queue.h"
#include "base/error.h"
#include "base/stopwatch.h"

namespace animate {
namespace {

// Keeps the first exception of the three threads; later ones are consequences.
class FirstError {
 public:
  void keep(std::exception_ptr error) {
    const std::scoped_lock lock(mutex_);
    if (!first_) first_ = std::move(error);
  }
  void rethrow() {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr first_;
};

}  // namespace

PipelineStats run_pipeline(const PipelineStages& stages, std::stop_token stop, size_t depth) {
  BoundedQueue<Frame> decoded(depth);
  BoundedQueue<Frame> rendered(depth);
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
        auto frame = stages.decode();
        stats.decode_seconds += watch.seconds();
        if (!frame || !decoded.push(std::move(*frame))) break;
      }
      decoded.close();
    } catch (...) {
      give_up();
    }
  });
  std::jthread encoder([&] {
    try {
      while (auto frame = rendered.pop()) {
        const Stopwatch watch;
        stages.encode(std::move(*frame));
        stats.encode_seconds += watch.seconds();
      }
    } catch (...) {
      give_up();
    }
  });

  try {
    while (auto frame = decoded.pop()) {
      check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
      const Stopwatch watch;
      auto result = stages.infer(std::move(*frame));
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
  stats.decode_stalls = decoded.pop_stalls();
  stats.encode_stalls = rendered.push_stalls();
  return stats;
}

}  // namespace animate
