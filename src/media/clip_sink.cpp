#include "media/clip_sink.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace animate::media {

ClipSink::ClipSink(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
                   const VideoWriterOptions& options)
    : file_(target), muxer_(*plan.container, file_.path(), target), time_base_(to_av(options.time_base)) {
  const bool global_header = (plan.container->flags & AVFMT_GLOBALHEADER) != 0;
  VideoWriterOptions encoding = options;
  if (plan.encoder->id == AV_CODEC_ID_GIF) {
    pacer_.emplace(time_base_);
    encoding.time_base = {1, GifPacer::kTicks};
  }
  encoder_.emplace(target, width, height, plan, encoding, global_header);
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
  const AVCodecParameters& sound = *input->stream->codecpar;
  const bool decodes = avcodec_find_decoder(sound.codec_id) != nullptr;
  const bool fits = can_copy_audio(*plan.container, sound.codec_id);
  audio_name_ = show(options.audio->path);
  if (!fits && !decodes) {
    warnings_.push_back(
        fmt::format("{}: its sound ({}) can be neither kept nor decoded by this FFmpeg, so it is left out", audio_name_,
                    avcodec_get_name(sound.codec_id)));
    return;
  }
  for (std::string& warning : input->survey.warnings(audio_name_)) warnings_.push_back(std::move(warning));
  const int channels = sound.ch_layout.nb_channels;
  if (fits && (input->survey.whole() || !decodes)) {
    audio_ = copy_audio(std::move(*input), *plan.container);
  } else {
    if (channels > 2) log::info("{}: its sound of {} channels becomes stereo", audio_name_, channels);
    try {
      audio_ = transcode_audio(std::move(*input), *encoder, global_header);
    } catch (const Error& error) {
      warnings_.push_back(error.what());
      return;
    }
  }
  audio_stream_ = &muxer_.add_stream();
  audio_->describe(*audio_stream_->codecpar);
  audio_stream_->time_base = audio_->time_base();
}

void ClipSink::write(const Frame& frame) {
  if (!pacer_) {
    encode(frame);
    return;
  }
  Frame timed = frame;
  if (timed.duration <= 0) {
    timed.duration = std::max<int64_t>(1, av_rescale_q(1, av_inv_q(encoder_->context().framerate), time_base_));
  }
  if (const auto before = pacer_->add(timed)) encode(*before);
}

void ClipSink::encode(const Frame& frame) {
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
    if (!audio_pending_) {
      try {
        if (!audio_->next(*audio_packet_)) {
          audio_.reset();
          return;
        }
      } catch (const Error& error) {
        drop_audio(error.what());
        return;
      }
    }
    audio_pending_ = true;
    const double at = static_cast<double>(audio_packet_->pts) * av_q2d(audio_->time_base());
    if (at >= seconds) return;
    audio_pending_ = false;
    if (!muxer_.write_optional(*audio_packet_, *audio_stream_, audio_->time_base())) {
      drop_audio(
          fmt::format("{}: its sound cannot be written from {:.1f} s on and is left out there; try --audio with "
                      "a copy as WAV",
                      audio_name_, at));
    }
  }
}

void ClipSink::drop_audio(const std::string& why) {
  warnings_.push_back(why);
  audio_.reset();
  audio_pending_ = false;
}

void ClipSink::finish() {
  if (pacer_) {
    if (const auto last = pacer_->finish()) {
      encode(*last);
      muxer_.set_final_delay(last->duration);
    }
  }
  encoder_->drain();
  write_video_packets();
  write_audio_until(static_cast<double>(end_) * av_q2d(encoder_->context().time_base));
  muxer_.end();
  file_.commit();
}

}  // namespace animate::media
