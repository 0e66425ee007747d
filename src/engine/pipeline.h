#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "animate/facts.h"
#include "base/bounded_queue.h"
#include "base/error.h"
#include "base/stopwatch.h"

// A clip on its way through four stages, each on a thread of its own, so that decoder, network and encoder work at
// once:
//
//   decode --[decoded_]--> infer --[rendered_]--> compose --[composed_]--> encode
//   thread 1               the caller             thread 2                 thread 3
//
// Without a compose stage the encoder takes from rendered_. The queues are bounded: a slow stage makes those before it
// wait, and a clip of any length needs the memory of a few pictures only.
//
//   end of the clip   decode() gives nullopt; each stage empties its queue, then closes the next one
//   an exception      is kept, all queues fail, every waiting stage returns; run() throws it once all threads end
//   a stop request    is seen before the next batch and thrown as Error(Cancelled), an exception like any other
//
// One thread a stage keeps frames in order without numbers. Statistics need no lock: every field has one thread that
// writes it, and run() reads them when all threads have ended.
namespace animate::engine {

// The stages that a clip streams through. Each is called from one thread only, in order.
template <typename Decoded, typename Rendered, typename Composed = Rendered>
struct PipelineStages {
  std::function<std::optional<Decoded>()> decode;                    // on its own thread; nullopt ends the clip
  std::function<std::vector<Rendered>(std::vector<Decoded>)> infer;  // on the calling thread; one for each it is given
  std::function<Composed(Rendered)> compose;                         // on its own thread; empty: nothing to compose
  std::function<void(Composed)> encode;                              // on its own thread
};

// For stages that work on one item at a time.
template <typename Decoded, typename Rendered>
std::function<std::vector<Rendered>(std::vector<Decoded>)> one_by_one(std::function<Rendered(Decoded)> infer) {
  return [infer = std::move(infer)](std::vector<Decoded> items) {
    std::vector<Rendered> results;
    results.reserve(items.size());
    for (Decoded& item : items) results.push_back(infer(std::move(item)));
    return results;
  };
}

enum class PipelineQueue { Decoded, Rendered, Composed };

struct PipelineSettings {
  size_t depth = 4;  // items a queue holds; more where a batch is larger
  size_t batch = 1;  // items that infer gets at once; fewer only at the end of the clip
};

struct PipelineStats {
  int64_t frames = 0;
  size_t batch = 1;
  double decode_seconds = 0;  // work, without waiting
  double infer_seconds = 0;
  double compose_seconds = 0;
  double encode_seconds = 0;
  QueueWaits waits;
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

// One run of the stages. Use run_pipeline() below.
template <typename Decoded, typename Rendered, typename Composed>
class Pipeline {
 public:
  using Stages = PipelineStages<Decoded, Rendered, Composed>;

  Pipeline(const Stages& stages, std::stop_token stop, PipelineSettings settings)
      : stages_(stages),
        stop_(std::move(stop)),
        batch_(std::max<size_t>(1, settings.batch)),
        decoded_(std::max(settings.depth, batch_)),
        rendered_(std::max(settings.depth, batch_)),
        composed_(settings.depth) {}

  PipelineStats run() {
    if constexpr (!std::is_same_v<Rendered, Composed>) {
      check(stages_.compose != nullptr, ErrorKind::Internal, "a pipeline that changes the type has to compose");
    }
    {
      // The block ends by joining the three threads. A thread that cannot be made is a fault like any other: it stops
      // those that were.
      std::jthread decoder, composer, encoder;
      guarded([&, this] {
        decoder = std::jthread([this] { guarded([this] { decode(); }); });
        composer = std::jthread([this] { guarded([this] { compose(); }); });
        encoder = std::jthread([this] { guarded([this] { encode(); }); });
        infer();
      });
    }
    // A stop that came too late for infer() to see still makes the result void.
    error_.rethrow();
    check_stop();
    stats_.batch = batch_;
    stats_.waits = {waits_of(decoded_), waits_of(rendered_), waits_of(composed_)};
    return stats_;
  }

  // Called by a stage that begins to wait, with its queue locked; for tests that need to know.
  void on_wait(const std::function<void(PipelineQueue, QueueSide)>& told) {
    decoded_.on_wait([told](QueueSide side) { told(PipelineQueue::Decoded, side); });
    rendered_.on_wait([told](QueueSide side) { told(PipelineQueue::Rendered, side); });
    composed_.on_wait([told](QueueSide side) { told(PipelineQueue::Composed, side); });
  }

 private:
  // Runs one stage; what it throws stops the others.
  template <typename Stage>
  void guarded(Stage stage) {
    try {
      stage();
    } catch (...) {
      error_.keep(std::current_exception());
      decoded_.fail();
      rendered_.fail();
      composed_.fail();
    }
  }

  void check_stop() const { check(!stop_.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written"); }

  void decode() {
    while (true) {
      const Stopwatch watch;
      auto item = stages_.decode();
      stats_.decode_seconds += watch.seconds();
      if (!item || !decoded_.push(std::move(*item))) break;
    }
    decoded_.close();
  }

  // Waits for a whole batch, so that which frames share one does not depend on who is faster.
  std::vector<Decoded> next_batch() {
    std::vector<Decoded> items;
    items.reserve(batch_);
    while (items.size() < batch_) {
      auto item = decoded_.pop();
      if (!item) break;
      items.push_back(std::move(*item));
    }
    return items;
  }

  void infer() {
    while (true) {
      // An empty batch: the clip has ended, or another stage has failed; what was gathered before that is still worked
      // on. Closing a failed queue changes nothing.
      std::vector<Decoded> items = next_batch();
      if (items.empty()) break;
      check_stop();
      const size_t count = items.size();
      const Stopwatch watch;
      auto results = stages_.infer(std::move(items));
      stats_.infer_seconds += watch.seconds();
      check(results.size() == count, ErrorKind::Internal, "{} frames went in and {} came out", count, results.size());
      for (Rendered& result : results) {
        if (!rendered_.push(std::move(result))) return;
        ++stats_.frames;
      }
    }
    rendered_.close();
  }

  void compose() {
    if (!stages_.compose) return;
    while (auto item = rendered_.pop()) {
      const Stopwatch watch;
      Composed picture = stages_.compose(std::move(*item));
      stats_.compose_seconds += watch.seconds();
      if (!composed_.push(std::move(picture))) return;
    }
    composed_.close();
  }

  void encode() {
    // Only with equal types can the encoder take what infer made.
    if constexpr (std::is_same_v<Rendered, Composed>) {
      if (!stages_.compose) return encode_from(rendered_);
    }
    encode_from(composed_);
  }

  void encode_from(BoundedQueue<Composed>& queue) {
    while (auto item = queue.pop()) {
      const Stopwatch watch;
      stages_.encode(std::move(*item));
      stats_.encode_seconds += watch.seconds();
    }
  }

  template <typename Item>
  static QueueWait waits_of(const BoundedQueue<Item>& queue) {
    const WaitCount empty = queue.pops();
    const WaitCount full = queue.pushes();
    return {static_cast<int64_t>(empty.times), empty.seconds, static_cast<int64_t>(full.times), full.seconds};
  }

  // decoded_ and rendered_ hold at least a whole batch, so that one is gathered while another is worked on.
  const Stages& stages_;
  const std::stop_token stop_;
  const size_t batch_;
  BoundedQueue<Decoded> decoded_;
  BoundedQueue<Rendered> rendered_;
  BoundedQueue<Composed> composed_;
  FirstError error_;
  PipelineStats stats_;
};

// Runs decode -> infer -> compose -> encode over bounded queues: memory does not grow with the clip.
// Returns when every item is encoded. The first exception of any stage stops the others and is rethrown after all
// threads have joined; a stop request throws Error(Cancelled).
template <typename Decoded, typename Rendered, typename Composed>
PipelineStats run_pipeline(const PipelineStages<Decoded, Rendered, Composed>& stages, std::stop_token stop,
                           PipelineSettings settings = {}) {
  return Pipeline<Decoded, Rendered, Composed>(stages, std::move(stop), settings).run();
}

}  // namespace animate::engine
