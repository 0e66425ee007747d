#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "animate/export.h"

namespace animate {

// Receives the progress of a job. Called from the thread that runs the job.
class ANIMATE_EXPORT Progress {
 public:
  virtual ~Progress() = default;
  // A new phase begins, as in "reading motion" or "animating". `total` frames where the container tells.
  virtual void start(std::string_view phase, std::optional<int64_t> total) = 0;
  // `done` frames of the phase are finished.
  virtual void advance(int64_t done) = 0;
  // The phase is over; `done` frames were really there.
  virtual void finish(int64_t done) = 0;
};

// Listens to nothing.
class ANIMATE_EXPORT NoProgress : public Progress {
 public:
  void start(std::string_view, std::optional<int64_t>) override {}
  void advance(int64_t) override {}
  void finish(int64_t) override {}
};

}  // namespace animate
