#include <cmath>

#include "base/error.h"
#include "media/image_io.h"
#include "media/stream_clip.h"

namespace animate::media {
namespace {

bool plausible(AVRational rate) { return rate.num > 0 && rate.den > 0 && av_q2d(rate) >= 0.01 && av_q2d(rate) <= 1000; }

}  // namespace

AVStream& require_video_stream(const Demuxer& demuxer) {
  AVStream* stream = demuxer.best(AVMEDIA_TYPE_VIDEO);
  if (stream == nullptr) {
    check(demuxer.best(AVMEDIA_TYPE_AUDIO) == nullptr, ErrorKind::Input,
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

Rational frame_rate_of(const AVStream& stream) {
  if (plausible(stream.avg_frame_rate)) return from_av(stream.avg_frame_rate);
  if (plausible(stream.r_frame_rate)) return from_av(stream.r_frame_rate);
  return {25, 1};
}

VideoInfo describe_stream(const Demuxer& demuxer, AVStream& stream) {
  VideoInfo info;
  const DisplaySize size = display_size(demuxer, stream);
  const Orientation orientation = orientation_of(stream);
  info.width = orientation.swaps_sides() ? size.height : size.width;
  info.height = orientation.swaps_sides() ? size.width : size.height;
  info.rotation_degrees = orientation.degrees();
  info.frame_rate = frame_rate_of(stream);
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
  if (const AVStream* audio = demuxer.best(AVMEDIA_TYPE_AUDIO); audio != nullptr) {
    info.has_audio = true;
    info.audio_codec = avcodec_get_name(audio->codecpar->codec_id);
  }
  return info;
}

}  // namespace animate::media
