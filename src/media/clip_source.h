#pragma once

#include <optional>
#include <string>
#include <vector>

#include "media/video_reader.h"

namespace animate::media {

// What stands behind a VideoReader: decoded video (StreamClip) or a list of pictures (PictureClip).
// A constructed source has at least one frame. Not thread-safe.
class ClipSource {
 public:
  virtual ~ClipSource() = default;
  virtual std::optional<Frame> next() = 0;

  const VideoInfo& info() const { return info_; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  const std::vector<std::string>& notes() const { return notes_; }

 protected:
  VideoInfo info_;
  std::vector<std::string> warnings_;
  std::vector<std::string> notes_;
};

// "between 1.5 s and 4 s", "from 1.5 s on", "before 4 s": the trimmed part, for error sentences.
std::string trimmed_part(const VideoReaderOptions& options);

}  // namespace animate::media
