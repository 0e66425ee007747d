#include "engine/output_clip.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/utc_time.h"
#include "engine/job_checks.h"

namespace animate::engine {

OutputClip::OutputClip(std::filesystem::path path, const OutputOptions& options, const ClipTiming& timing,
                       std::optional<Rational> constant_rate, std::optional<media::AudioSource> sound)
    : path_(std::move(path)), options_(writer_options(options)) {
  options_.frame_rate = timing.frame_rate;
  options_.time_base = timing.time_base;
  options_.audio = std::move(sound);
  options_.metadata = options.metadata;
  options_.bit_exact = source_date_epoch().has_value();
  if (constant_rate) {
    const double frames_a_tick = timing.frame_rate.value() * timing.time_base.value();
    nominal_duration_ = std::max<int64_t>(1, std::llround(1 / frames_a_tick));
    rate_.emplace(timing.time_base, *constant_rate);
    options_.frame_rate = *constant_rate;
    options_.time_base = {constant_rate->den, constant_rate->num};
  }
}

void OutputClip::write(Image image, int64_t pts, int64_t duration) {
  if (!writer_) {
    width_ = image.width();
    height_ = image.height();
    writer_.emplace(path_, width_, height_, options_);
  }
  Frame frame{std::move(image), pts, duration};
  if (!rate_) {
    writer_->write(frame);
    return;
  }
  // A frame is shown until the next one begins, so it is written once that time is known.
  if (held_) write_held_until(pts);
  held_ = std::move(frame);
}

void OutputClip::finish() {
  check(writer_.has_value(), ErrorKind::Input, "{}: the driving clip gave no frames; choose another clip", show(path_));
  // A last frame that does not tell how long it lasts is shown as long as the others on average.
  if (held_) write_held_until(held_->pts + (held_->duration > 0 ? held_->duration : nominal_duration_));
  writer_->finish();
}

void OutputClip::write_held_until(int64_t pts) {
  for (int64_t n = rate_->ticks_until(pts); n > 0; --n) {
    writer_->write({held_->image, rate_->tick(), 1});
    rate_->advance();
  }
}

}  // namespace animate::engine
