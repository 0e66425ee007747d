#pragma once

#include <cstdint>

namespace animate::media {

// The stamps of a stream on one clock that goes on where recordings were joined. Each piece of such a file brings its
// own clock, so the stamps step back at the join; from there on all are moved by what makes the piece follow without a
// gap. A lone wrong stamp looks like a join too: when the stamps after it fit the clock of before, that one is taken
// up again.
//
//   stamps     0   40   80  120    0   40   80       a second piece begins
//   clock      0   40   80  120  160  200  240       moved by 160
class JoinedClock {
 public:
  // `tolerance`: how far a stamp may lie before the expected one without being a join. Ticks.
  explicit JoinedClock(int64_t tolerance) : tolerance_(tolerance) {}

  // `expected` is where the stamp would lie on the clock if it followed the one before without a gap.
  int64_t place(int64_t stamp, int64_t expected) {
    const int64_t time = stamp + offset_;
    if (time < expected - tolerance_) {
      before_ = offset_;
      may_be_wrong_ = true;
      offset_ += expected - time;
      since_ = 0;
      ++joins_;
      return expected;
    }
    if (may_be_wrong_ && ++since_ > kLoneWrong) may_be_wrong_ = false;
    if (may_be_wrong_ && time > expected) {
      const int64_t earlier = stamp + before_;
      if (earlier >= expected - tolerance_ / 4 && earlier < time) {
        offset_ = before_;
        may_be_wrong_ = false;
        --joins_;
        return earlier;
      }
    }
    return time;
  }

  // Moves all later stamps.
  void shift(int64_t ticks) { offset_ += ticks; }
  int64_t joins() const { return joins_; }

 private:
  static constexpr int kLoneWrong = 64;  // stamps after a join that may still prove it wrong

  int64_t tolerance_;
  int64_t offset_ = 0;
  int64_t before_ = 0;         // the offset before the last join
  bool may_be_wrong_ = false;  // that join, so that `before_` may be taken up again
  int since_ = 0;
  int64_t joins_ = 0;
};

}  // namespace animate::media
