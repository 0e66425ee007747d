#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "animate/image.h"
#include "base/error.h"

namespace animate::media {

// What stands behind a VideoWriter: a container (ClipSink) or picture files (PictureSink). Nothing is visible under
// the target's name before finish(); destruction without it leaves no trace. Not thread-safe.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void write(const Frame& frame) = 0;
  virtual void finish() = 0;

  const std::vector<std::string>& warnings() const { return warnings_; }

 protected:
  static std::string sound_left_out(const std::filesystem::path& target) {
    return show(target) + ": this kind of file holds no sound, so it is left out";
  }

  std::vector<std::string> warnings_;
};

}  // namespace animate::media
