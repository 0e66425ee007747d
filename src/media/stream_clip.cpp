#include "media/stream_clip.h"

#include <cmath>
#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "media/packet_times.h"

namespace animate::media {
namespace {

// Rounding of times in file headers must not move a frame across the edge of a trim.
constexpr double kEpsilonSeconds = 0.0005;

// "2 h 00 min", "15.2 s".
std::string long_time(double seconds) {
  if (seconds < 90) return fmt::format("{:.1f} s", seconds);
  const auto minutes = std::llround(seconds / 60);
  return minutes < 60 ? fmt::format("{} min", minutes) : fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

std::optional<int64_t> stamp_of(const AVFrame& frame) {
  if (frame.best_effort_timestamp == AV_NOPTS_VALUE) return std::nullopt;
  return frame.best_effort_timestamp;
}

}  // namespace

StreamClip::StreamClip(const std::filesystem::path& path, const VideoReaderOptions& options)
    : path_(path), options_(options) {
  open(options.start_seconds.value_or(0) > 0);
  ready_ = decode_next();
  if (!ready_) {
    check(!options_.start_seconds && !options_.end_seconds, ErrorKind::Input,
          "{}: has no frame {}; choose a part inside the clip", show(path_), trimmed_part(options_));
    fail(ErrorKind::Input, "{}: not a single frame can be decoded; the file is damaged, copy or download it again",
         show(path_));
  }
}

void StreamClip::open(bool seek) {
  decoder_.reset();
  demuxer_.emplace(path_);
  const VideoChoice choice = choose_video(*demuxer_, options_.video_stream);
  stream_ = &require_video_stream(*demuxer_, choice);
  demuxer_->use_only(*stream_);
  info_ = describe_stream(*demuxer_, *stream_);
  stored_size_ = display_size(*demuxer_, *stream_);
  orientation_ = orientation_of(*stream_);
  decoder_.emplace(*stream_, path_);
  filter_.emplace(*stream_, show(path_), options_.deinterlace);
  decoder_ended_ = false;
  filter_notes_ = 0;
  shortened_seconds_ = 0;
  warnings_.clear();
  notes_.clear();
  if (!choice.note.empty()) notes_.push_back(choice.note);
  promised_seconds_ = promised_length();

  origin_.reset();
  if (stream_->start_time != AV_NOPTS_VALUE) origin_ = stream_->start_time;
  // Where times step back or jumps are shortened, a moment of the clip is found by counting from its start only.
  seeked_ = seek && origin_.has_value() && !options_.longest_gap_seconds && !times_step_back(*demuxer_, *stream_);
  if (seeked_) {
    const double ticks = *options_.start_seconds / av_q2d(stream_->time_base);
    seeked_ = demuxer_->seek(*stream_, *origin_ + static_cast<int64_t>(std::min(ticks, 9e15)));
  }
  const AVRational rate = to_av(info_.frame_rate);
  const int64_t longest_gap = options_.longest_gap_seconds
                                  ? std::llround(*options_.longest_gap_seconds / av_q2d(stream_->time_base))
                                  : Timeline::kAnyGap;
  timeline_.emplace(av_rescale_q(1, av_inv_q(rate), stream_->time_base), origin_.value_or(0), longest_gap);
}

// A clip shorter than this ends early. The length of the whole file may be that of its sound, hence the wide margin.
std::optional<double> StreamClip::promised_length() const {
  const AVFormatContext& file = demuxer_->context();
  // AVI's duration is measured from what is there, its frame count is not.
  if (demuxer_->format_name() == "avi" && stream_->nb_frames > 0) {
    return static_cast<double>(stream_->nb_frames) / info_.frame_rate.value() - 0.5;
  }
  if (stream_->duration > 0) return seconds(stream_->duration) - std::max(0.5, 3 / info_.frame_rate.value());
  if (file.duration <= 0 || file.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return std::nullopt;
  const double length = static_cast<double>(file.duration) / AV_TIME_BASE;
  return file.nb_streams == 1 ? length - 0.5 : length * 0.9 - 2;
}

double StreamClip::seconds(int64_t ticks) const { return static_cast<double>(ticks) * av_q2d(stream_->time_base); }

std::optional<Frame> StreamClip::next() {
  if (ready_) return std::exchange(ready_, std::nullopt);
  return finished_ ? std::nullopt : decode_next();
}

bool StreamClip::decode(AVFrame& frame) {
  for (;;) {
    if (filter_->receive(frame)) {
      for (; filter_notes_ < filter_->notes().size(); ++filter_notes_) {
        notes_.push_back(filter_->notes()[filter_notes_]);
      }
      return true;
    }
    if (decoder_ended_) return false;
    switch (decoder_->receive(frame)) {
      case PacketDecoder::Result::Frame: filter_->send(frame); continue;
      case PacketDecoder::Result::End:
        if (decoder_->damaged() > 0) note_damage();
        filter_->drain();
        decoder_ended_ = true;
        continue;
      case PacketDecoder::Result::NeedsPacket: break;
    }
    const int code = demuxer_->read(*packet_);
    if (code < 0) {
      if (code != AVERROR_EOF) note_damage();
      decoder_->drain();
      continue;
    }
    if (packet_->stream_index == stream_->index && !decoder_->send(*packet_)) note_damage();
    av_packet_unref(packet_.get());
  }
}

std::optional<Frame> StreamClip::decode_next() {
  while (decode(*frame_)) {
    const std::optional<int64_t> stamp = stamp_of(*frame_);
    const int64_t time = timeline_->place(stamp);
    if (timeline_->shortened()) note_gap();
    if (!origin_) origin_ = time;
    const double at = seconds(time - *origin_);
    const double start = options_.start_seconds.value_or(0);
    if (seeked_ && (!stamp || at > start + kEpsilonSeconds)) {
      // The container's index is imprecise and landed too late: read from the beginning instead.
      open(false);
      continue;
    }
    seeked_ = false;
    if (options_.start_seconds && at < start - kEpsilonSeconds) continue;
    if (options_.end_seconds && at >= *options_.end_seconds - kEpsilonSeconds) {
      cut_by_end_ = true;
      break;
    }
    if (!first_) {
      first_ = time;
      info_.first_frame_seconds = at;
    }
    Frame out;
    out.pts = time - *first_;
    out.duration = frame_duration(*frame_) > 0 ? frame_duration(*frame_) : timeline_->nominal();
    last_end_ = time + out.duration;
    out.image = turn_upright(converter_.to_image(*frame_, stored_size_.width, stored_size_.height), orientation_);
    ++delivered_;
    return out;
  }
  if (seeked_) {  // nothing at all came after the seek
    open(false);
    return decode_next();
  }
  finished_ = true;
  finish_warnings();
  return std::nullopt;
}

void StreamClip::note_gap() {
  const ShortenedGap& gap = *timeline_->shortened();
  shortened_seconds_ += seconds(gap.removed);
  warnings_.push_back(fmt::format(
      "{}: its times jump by {} at {:.1f} s; the picture before is held for {:g} s only (--keep-gaps holds it for all "
      "of it)",
      show(path_), long_time(seconds(gap.removed) + *options_.longest_gap_seconds), seconds(gap.at - *origin_),
      *options_.longest_gap_seconds));
}

void StreamClip::note_damage() {
  ++damaged_packets_;
  if (delivered_at_damage_ >= 0) return;
  delivered_at_damage_ = delivered_;
  damage_seconds_ = first_ ? seconds(last_end_ - *origin_) : 0;
}

void StreamClip::finish_warnings() {
  if (delivered_ == 0) return;
  const double end = seconds(last_end_ - *origin_);
  if (delivered_at_damage_ < 0) {
    // Some containers end in the middle of a frame without any error; their header still knows the true length.
    if (cut_by_end_ || !promised_seconds_ || end + shortened_seconds_ >= *promised_seconds_) return;
    damage_seconds_ = end;
    delivered_at_damage_ = delivered_;
  }
  // The decoder held a few pictures back when the damage was met, and gave them later.
  const bool only_tail = delivered_ - delivered_at_damage_ <= 64 && damaged_packets_ <= 2;
  if (only_tail) {
    warnings_.push_back(fmt::format("{}: the file ends early or is damaged after {:.1f} s; the {} before that {} used",
                                    show(path_), end, counted(delivered_, "frame"), delivered_ == 1 ? "is" : "are"));
  } else {
    warnings_.push_back(fmt::format("{}: the file is damaged from {:.1f} s on; the {} that {} used", show(path_),
                                    damage_seconds_, counted(delivered_, "frame"),
                                    delivered_ == 1 ? "decodes is" : "decode are"));
  }
}

}  // namespace animate::media
