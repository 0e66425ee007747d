#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "media/joined_clock.h"

namespace animate::media {

// A jump in the times of a clip that was shortened. Ticks.
struct ShortenedGap {
  int64_t at = 0;       // on the new clock: end of the last picture before it
  int64_t removed = 0;  // taken out of the jump
};

// Makes the timestamps of decoded pictures strictly increasing. Missing, repeated and slightly backward ones are
// replaced by the one before plus the nominal duration of a picture; where they step back further, two recordings were
// joined, and the second one follows the first (JoinedClock). Real gaps and variable rates stay, unless a longest gap
// is given. Ticks of any time base.
class Timeline {
 public:
  static constexpr int64_t kAnyGap = std::numeric_limits<int64_t>::max();

  // `nominal` is the usual duration of a picture, `start` the time of the first one should it carry none. Jumps beyond
  // `longest_gap` are shortened to it.
  Timeline(int64_t nominal, int64_t start, int64_t longest_gap = kAnyGap)
      : nominal_(nominal < 1 ? 1 : nominal), start_(start), longest_gap_(longest_gap), clock_(4 * nominal_) {}

  int64_t place(std::optional<int64_t> stamp) {
    shortened_.reset();
    if (!last_) {
      last_ = stamp.value_or(start_);
      return *last_;
    }
    const int64_t expected = *last_ + nominal_;
    int64_t time = stamp ? clock_.place(*stamp, expected) : expected;
    if (longest_gap_ != kAnyGap && time - *last_ > longest_gap_) {
      shortened_ = {expected, time - *last_ - longest_gap_};
      clock_.shift(-shortened_->removed);
      time -= shortened_->removed;
    }
    last_ = time > *last_ ? time : expected;
    return *last_;
  }
  int64_t nominal() const { return nominal_; }
  // What the last place() shortened.
  const std::optional<ShortenedGap>& shortened() const { return shortened_; }

 private:
  int64_t nominal_;
  int64_t start_;
  int64_t longest_gap_;
  JoinedClock clock_;
  std::optional<int64_t> last_;
  std::optional<ShortenedGap> shortened_;
};

}  // namespace animate::media
