#include "media/webp_clip.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "media/read_file.h"

namespace animate::media {
namespace {

constexpr Rational kMilliseconds{1, 1000};

}  // namespace

WebpClip::WebpClip(const std::filesystem::path& path, const VideoReaderOptions& options)
    : path_(path), options_(options), animation_(path, read_file(path)) {
  const int64_t length = animation_.milliseconds();
  info_.width = animation_.width();
  info_.height = animation_.height();
  const int64_t thousand_frames = int64_t{1000} * animation_.frames();
  const int64_t common = std::max<int64_t>(1, std::gcd(thousand_frames, length));
  info_.frame_rate = {thousand_frames / common, std::max<int64_t>(1, length / common)};
  info_.time_base = kMilliseconds;
  info_.frame_count_from_header = animation_.frames();
  info_.duration_seconds = static_cast<double>(length) / 1000;
  info_.container = info_.codec = "webp";
  info_.rotation_degrees = animation_.rotation_degrees();
  ready_ = decode_next();
  check(read_ > 0, ErrorKind::Input,
        "{}: not a single frame can be decoded; the file is damaged, copy or download it again", show(path_));
  check(ready_.has_value(), ErrorKind::Input, "{}: has no frame {}; choose a part inside the clip", show(path_),
        trimmed_part(options_));
  info_.first_frame_seconds = static_cast<double>(*begin_) / 1000;
}

std::optional<Frame> WebpClip::next() {
  if (ready_) return std::exchange(ready_, std::nullopt);
  return decode_next();
}

std::optional<Frame> WebpClip::decode_next() {
  for (;;) {
    auto picture = animation_.next();
    if (!picture) {
      if (read_ < animation_.frames() && warnings_.empty()) {
        warnings_.push_back(
            fmt::format("{}: the file ends early or is damaged after {:.1f} s; the {} frames "
                        "before that are used",
                        show(path_), static_cast<double>(time_) / 1000, read_));
      }
      return std::nullopt;
    }
    ++read_;
    const int64_t start = time_;
    time_ += picture->milliseconds;
    const double seconds = static_cast<double>(start) / 1000;
    if (options_.end_seconds && seconds >= *options_.end_seconds) return std::nullopt;
    if (options_.start_seconds && seconds < *options_.start_seconds - 0.0005) continue;
    if (!begin_) begin_ = start;
    return Frame{std::move(picture->image), start - *begin_, picture->milliseconds};
  }
}

}  // namespace animate::media
