#pragma once

#include <string>
#include <vector>

#include "animate/image.h"

namespace animate {

// What stands behind a VideoWriter: a container (ClipSink) or picture files (PictureSink). Nothing is visible under
// the target's name before finish(); destruction without it leaves no trace. Not thread-safe.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void write(const Frame& frame) = 0;
  virtual void finish() = 0;

  const std::vector<std::string>& warnings() const { return warnings_; }

 protected:
  std::vector<std::string> warnings_;
};

}  // namespace animate
