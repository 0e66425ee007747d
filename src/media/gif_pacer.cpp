#include "media/gif_pacer.h"

#include <algorithm>
#include <utility>

namespace animate::media {

std::optional<Frame> GifPacer::add(const Frame& frame) {
  const int64_t begins = to_ticks(frame.pts);
  end_ = to_ticks(frame.pts + frame.duration);
  if (held_ && begins - held_->pts < kShortestDelay) {
    held_->image = frame.image;
    return std::nullopt;
  }
  std::optional<Frame> before = std::exchange(held_, Frame{frame.image, begins, 0});
  if (before) before->duration = begins - before->pts;
  return before;
}

std::optional<Frame> GifPacer::finish() {
  if (held_) held_->duration = std::max(kShortestDelay, end_ - held_->pts);
  return std::exchange(held_, std::nullopt);
}

}  // namespace animate::media
