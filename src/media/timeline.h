#pragma once

#include <cstdint>
#include <optional>

namespace animate::media {

// Makes the timestamps of decoded pictures strictly increasing. Missing, repeated and backward ones are replaced
// by the one before plus the nominal duration of a picture; real gaps and variable rates stay. Ticks of any time base.
class Timeline {
 public:
  // `nominal` is the usual duration of a picture, `start` the time of the first one should it carry none.
  Timeline(int64_t nominal, int64_t start) : nominal_(nominal < 1 ? 1 : nominal), start_(start) {}

  int64_t place(std::optional<int64_t> stamp) {
    if (!last_) {
      last_ = stamp.value_or(start_);
    } else if (stamp && *stamp > *last_) {
      last_ = *stamp;
    } else {
      *last_ += nominal_;
    }
    return *last_;
  }
  int64_t nominal() const { return nominal_; }

 private:
  int64_t nominal_;
  int64_t start_;
  std::optional<int64_t> last_;
};

}  // namespace animate::media
