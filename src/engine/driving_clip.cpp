#include "engine/driving_clip.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/log.h"
#include "base/path_text.h"
#include "motion/template_file.h"

namespace animate::engine {
namespace {

media::VideoReaderOptions trimmed(const Input& input, const DrivingOptions& options) {
  media::VideoReaderOptions trim = reader_options(input);
  if (options.start > 0) trim.start_seconds = options.start;
  if (std::isfinite(options.end)) trim.end_seconds = options.end;
  return trim;
}

}  // namespace

DrivingClip::DrivingClip(Input input, const DrivingOptions& options) : input_(std::move(input)), options_(options) {
  if (!input_.is_template()) {
    reader_ = std::make_unique<media::VideoReader>(input_.path, trimmed(input_, options_));
    tell_notes();
    return;
  }
  stored_ = std::make_unique<motion::MotionTemplate>(motion::load_motion_template(input_.path));
  shorten_stored_gaps();
  trim_stored();
}

DrivingClip::DrivingClip(Input input, motion::MotionTemplate made, const DrivingOptions& options,
                         std::vector<std::string> warnings)
    : input_(std::move(input)),
      options_(options),
      stored_(std::make_unique<motion::MotionTemplate>(std::move(made))),
      template_warnings_(std::move(warnings)) {
  trim_stored();
}

void DrivingClip::trim_stored() {
  const auto seconds = [this](size_t i) { return static_cast<double>(stored_->pts[i]) * stored_->time_base.value(); };
  while (first_ < stored_->pts.size() && seconds(first_) < options_.start) ++first_;
  last_ = first_;
  while (last_ < stored_->pts.size() && seconds(last_) < options_.end) ++last_;
  check(first_ < last_, ErrorKind::Input, "{}: no frame lies between --start {} and --end {}; widen the range",
        show(input_.path), options_.start, options_.end);
  index_ = first_;
}

std::optional<DrivingStep> DrivingClip::next() {
  if (reader_) {
    auto frame = reader_->next();
    tell_notes();
    if (!frame) return std::nullopt;
    return DrivingStep{std::move(*frame), std::nullopt};
  }
  if (index_ == last_) return std::nullopt;
  DrivingStep step;
  step.frame.pts = stored_->pts[index_] - stored_->pts[first_];
  step.frame.duration = stored_->duration[index_];
  step.motion = stored_->frames[index_];
  ++index_;
  return step;
}

// Every note once, also where the clip is read twice.
void DrivingClip::tell_notes() {
  const auto& notes = reader_->notes();
  for (; told_ < notes.size(); ++told_) log::info("{}", notes[told_]);
}

// A template keeps the jumps of the clip that it was made from.
void DrivingClip::shorten_stored_gaps() {
  if (!input_.longest_gap_seconds) return;
  const double tick = stored_->time_base.value();
  const auto longest = static_cast<int64_t>(std::llround(*input_.longest_gap_seconds / tick));
  int64_t removed = 0;
  for (size_t i = 1; i < stored_->pts.size(); ++i) {
    const int64_t gap = stored_->pts[i] - removed - stored_->pts[i - 1];
    if (gap > longest) {
      removed += gap - longest;
      stored_->duration[i - 1] = std::min(stored_->duration[i - 1], longest);
      template_warnings_.push_back(fmt::format(
          "{}: its times jump by {:.0f} s at {:.1f} s; the motion is held there for {:g} s only (--keep-gaps "
          "holds it for all of it)",
          show(input_.path), static_cast<double>(gap) * tick, static_cast<double>(stored_->pts[i - 1]) * tick,
          *input_.longest_gap_seconds));
    }
    stored_->pts[i] -= removed;
  }
}

void DrivingClip::rewind() {
  if (reader_) {
    reader_ = std::make_unique<media::VideoReader>(input_.path, trimmed(input_, options_));
  }
  index_ = first_;
}

std::pair<int, int> DrivingClip::picture_size() const {
  return reader_ ? std::pair(reader_->info().width, reader_->info().height) : std::pair(0, 0);
}

Rational DrivingClip::frame_rate() const { return reader_ ? reader_->info().frame_rate : stored_->frame_rate; }

Rational DrivingClip::time_base() const { return reader_ ? reader_->info().time_base : stored_->time_base; }

std::optional<int64_t> DrivingClip::expected_steps() const {
  if (stored_) return static_cast<int64_t>(last_ - first_);
  const media::VideoInfo& info = reader_->info();
  const bool trimmed = options_.start > 0 || std::isfinite(options_.end);
  if (!trimmed) return info.frame_count_from_header;
  if (!info.duration_seconds) return std::nullopt;
  const double length = std::min(options_.end, *info.duration_seconds) - options_.start;
  return std::max<int64_t>(0, std::llround(length * info.frame_rate.value()));
}

std::optional<DrivingClip::Sound> DrivingClip::sound() const {
  Sound sound;
  if (reader_) {
    if (!reader_->info().has_audio) return std::nullopt;
    sound = {input_.path, reader_->info().first_frame_seconds, std::nullopt, input_.video_stream};
    if (std::isfinite(options_.end)) sound.end = options_.end;
    return sound;
  }
  std::error_code ec;
  const std::filesystem::path path = path_of_text(stored_->audio_path);
  if (path.empty() || !std::filesystem::exists(path, ec)) return std::nullopt;
  sound.path = path;
  sound.start = stored_->audio_start + static_cast<double>(stored_->pts[first_]) * stored_->time_base.value();
  return sound;
}

std::vector<std::string> DrivingClip::warnings() const { return reader_ ? reader_->warnings() : template_warnings_; }

}  // namespace animate::engine
