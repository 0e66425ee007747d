#include <cmath>

#include "base/error.h"
#include "media/image_io.h"
#include "media/packet_times.h"
#include "media/stream_clip.h"

namespace animate::media {
namespace {

bool plausible(AVRational rate) { return rate.num > 0 && rate.den > 0 && av_q2d(rate) >= 0.01 && av_q2d(rate) <= 1000; }

// No camera or screen recorder reaches it. Files without a rate have the number of ticks a second in its place.
constexpr double kSuspiciousRate = 130;

bool trusted(AVRational rate) { return plausible(rate) && av_q2d(rate) <= kSuspiciousRate; }

// An average above the rate that all times fit in counts the fields of interlaced pictures.
bool counts_fields(const AVStream& stream) {
  return trusted(stream.r_frame_rate) && plausible(stream.avg_frame_rate) &&
         av_q2d(stream.avg_frame_rate) > av_q2d(stream.r_frame_rate) * 1.5;
}

}  // namespace

AVStream& require_video_stream(const Demuxer& demuxer, const VideoChoice& choice) {
  AVStream* stream = choice.stream;
  if (stream == nullptr) {
    check(choose_audio(demuxer, nullptr) == nullptr, ErrorKind::Input,
          "{}: has sound but no picture; give a video or a picture", show(demuxer.path()));
    fail(ErrorKind::Input, "{}: has no video stream; give a video or a picture", show(demuxer.path()));
  }
  check_picture_size(demuxer.path(), stream->codecpar->width, stream->codecpar->height);
  return *stream;
}

DisplaySize display_size(const Demuxer& demuxer, AVStream& stream) {
  DisplaySize size{stream.codecpar->width, stream.codecpar->height};
  const AVRational aspect = av_guess_sample_aspect_ratio(&demuxer.context(), &stream, nullptr);
  const double ratio = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1.0;
  // Beyond four to one the tag is a mistake rather than an anamorphic lens.
  if (ratio >= 0.25 && ratio <= 4.0) size.width = std::max(1, static_cast<int>(std::lround(size.width * ratio)));
  return size;
}

Orientation orientation_of(const AVStream& stream) {
  const auto matrix = display_matrix(stream);
  return matrix ? Orientation::from_display_matrix(*matrix) : Orientation{};
}

Rational frame_rate_of(const Demuxer& demuxer, const AVStream& stream) {
  // Matroska and WebM have no average, and FFmpeg's guess from a few uneven times may be anything.
  const bool guessed = demuxer.format_name().starts_with("matroska");
  const bool told = trusted(stream.avg_frame_rate) && !counts_fields(stream);
  if (told && !guessed) return from_av(stream.avg_frame_rate);
  const auto measured = measured_rate(demuxer.path(), stream.index);
  if (measured && plausible(*measured)) {
    constexpr double same = 0.02;
    const bool agree = told && std::abs(av_q2d(stream.avg_frame_rate) / av_q2d(*measured) - 1) < same;
    return from_av(agree ? stream.avg_frame_rate : *measured);
  }
  if (plausible(stream.avg_frame_rate) && !counts_fields(stream)) return from_av(stream.avg_frame_rate);
  if (trusted(stream.r_frame_rate)) return from_av(stream.r_frame_rate);
  return {25, 1};
}

VideoInfo describe_stream(const Demuxer& demuxer, AVStream& stream) {
  VideoInfo info;
  const DisplaySize size = display_size(demuxer, stream);
  const Orientation orientation = orientation_of(stream);
  info.width = orientation.swaps_sides() ? size.height : size.width;
  info.height = orientation.swaps_sides() ? size.width : size.height;
  info.rotation_degrees = orientation.degrees();
  info.frame_rate = frame_rate_of(demuxer, stream);
  info.time_base = from_av(stream.time_base);
  if (stream.nb_frames > 0) info.frame_count_from_header = stream.nb_frames;
  if (stream.duration > 0) {
    info.duration_seconds = static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  } else if (demuxer.context().duration > 0) {
    info.duration_seconds = static_cast<double>(demuxer.context().duration) / AV_TIME_BASE;
  }
  info.container = demuxer.format_name();
  info.codec = avcodec_get_name(stream.codecpar->codec_id);
  const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(stream.codecpar->format));
  info.pixel_format = format == nullptr ? "unknown" : format;
  if (const AVStream* audio = choose_audio(demuxer, &stream); audio != nullptr) {
    info.has_audio = true;
    info.audio_codec = avcodec_get_name(audio->codecpar->codec_id);
  }
  return info;
}

}  // namespace animate::media
