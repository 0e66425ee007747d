#pragma once

#include "media/clip_source.h"
#include "media/webp_animation.h"

namespace animate::media {

// An animated WebP as a clip; its frames have their own lengths. Decodes the first frame at once.
class WebpClip : public ClipSource {
 public:
  // Throws Error(Input).
  WebpClip(const std::filesystem::path& path, const VideoReaderOptions& options);
  std::optional<Frame> next() override;

 private:
  std::optional<Frame> decode_next();

  std::filesystem::path path_;
  VideoReaderOptions options_;
  WebpAnimation animation_;
  std::optional<Frame> ready_;
  int read_ = 0;                  // frames decoded, those before the trim included
  int64_t time_ = 0;              // where the next one begins, milliseconds
  std::optional<int64_t> begin_;  // where the first delivered one does
};

}  // namespace animate::media
