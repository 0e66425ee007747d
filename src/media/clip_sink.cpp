#include "media/clip_sink.h"

#include <limits>

#include "base/error.h"

namespace animate::media {

ClipSink::ClipSink(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
                   const VideoWriterOptions& options)
    : file_(target), muxer_(*plan.container, file_.path(), target) {
  const bool global_header = (plan.container->flags & AVFMT_GLOBALHEADER) != 0;
  encoder_.emplace(target, width, height, plan, options, global_header);
  if (encoder_->width() != width || encoder_->height() != height) {
    warnings_.push_back(fmt::format("{}: {} needs even sizes, so the video is padded from {}x{} to {}x{}", show(target),
                                    av_get_pix_fmt_name(plan.pixel_format), width, height, encoder_->width(),
                                    encoder_->height()));
  }
  video_stream_ = &muxer_.add_stream();
  const AVCodecContext& codec = encoder_->context();
  av_check(avcodec_parameters_from_context(video_stream_->codecpar, &codec), "avcodec_parameters_from_context");
  video_stream_->time_base = codec.time_base;
  video_stream_->avg_frame_rate = codec.framerate;
  video_stream_->sample_aspect_ratio = codec.sample_aspect_ratio;
  if (options.audio) open_audio_track(options, plan, global_header);
  muxer_.describe(options.metadata, options.bit_exact);
  muxer_.begin();
}

void ClipSink::open_audio_track(const VideoWriterOptions& options, const OutputPlan& plan, bool global_header) {
  const AVCodec* encoder = audio_encoder(*plan.container);
  if (encoder == nullptr) {
    warnings_.push_back(sound_left_out(file_.target()));
    return;
  }
  std::optional<AudioInput> input = open_audio(*options.audio);
  if (!input) {
    warnings_.push_back(fmt::format("{}: has no sound to take over", show(options.audio->path)));
    return;
  }
  const bool copy = can_copy_audio(*plan.container, input->stream->codecpar->codec_id);
  audio_ = copy ? copy_audio(std::move(*input), *plan.container)
                : transcode_audio(std::move(*input), *encoder, global_header);
  audio_stream_ = &muxer_.add_stream();
  audio_->describe(*audio_stream_->codecpar);
  audio_stream_->time_base = audio_->time_base();
}

void ClipSink::write(const Frame& frame) {
  encoder_->send(frame);
  end_ = frame.pts + (frame.duration > 0 ? frame.duration : encoder_->nominal_duration());
  write_video_packets();
}

void ClipSink::write_video_packets() {
  const AVRational time_base = encoder_->context().time_base;
  while (encoder_->receive(*packet_)) {
    const double seconds = static_cast<double>(packet_->pts) * av_q2d(time_base);
    muxer_.write(*packet_, *video_stream_, time_base);
    write_audio_until(seconds);
  }
}

void ClipSink::write_audio_until(double seconds) {
  while (audio_) {
    if (!audio_pending_ && !audio_->next(*audio_packet_)) {
      audio_.reset();
      return;
    }
    audio_pending_ = true;
    if (static_cast<double>(audio_packet_->pts) * av_q2d(audio_->time_base()) >= seconds) return;
    muxer_.write(*audio_packet_, *audio_stream_, audio_->time_base());
    audio_pending_ = false;
  }
}

void ClipSink::finish() {
  encoder_->drain();
  write_video_packets();
  write_audio_until(static_cast<double>(end_) * av_q2d(encoder_->context().time_base));
  muxer_.end();
  file_.commit();
}

}  // namespace animate::media
