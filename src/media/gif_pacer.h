#pragma once

#include <optional>

#include "animate/image.h"
#include "media/av_ptr.h"

namespace animate::media {

// Frames on the clock of a GIF, whose delays are hundredths of a second, and of which players take 0 and 1 for a tenth
// of a second: no frame is shorter than two hundredths. Of frames that lie closer together the last one is shown; the
// length of the clip stays. Holds one frame. Not thread-safe.
class GifPacer {
 public:
  static constexpr int64_t kTicks = 100;  // of the clock, a second
  static constexpr int64_t kShortestDelay = 2;

  // `time_base` of the frames that come.
  explicit GifPacer(AVRational time_base) : time_base_(time_base) {}

  // The frame before, once it is known when this one begins; nullopt where there is none, or this one takes its place.
  std::optional<Frame> add(const Frame& frame);
  // The last one.
  std::optional<Frame> finish();

 private:
  int64_t to_ticks(int64_t pts) const { return av_rescale_q(pts, time_base_, {1, static_cast<int>(kTicks)}); }

  AVRational time_base_;
  std::optional<Frame> held_;
  int64_t end_ = 0;  // of the frame that came last
};

}  // namespace animate::media
