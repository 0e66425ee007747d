#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "media/audio_track.h"

namespace animate {
namespace {

class AudioCopier final : public AudioTrack {
 public:
  AudioCopier(AudioInput input, bool has_edit_list) : input_(std::move(input)) {
    // MP4 hides what lies before 0 (the decoder's warm-up, a cut inside a packet) behind an edit list. Other containers
    // would move all streams instead, so only the warm-up that they declare themselves may come before 0.
    const AVCodecParameters& parameters = *input_.stream->codecpar;
    const AVRational samples = {1, std::max(1, parameters.sample_rate)};
    earliest_ = has_edit_list ? INT64_MIN : -av_rescale_q(parameters.initial_padding, samples, time_base());
  }

  void describe(AVCodecParameters& parameters) const override {
    av_check(avcodec_parameters_copy(&parameters, input_.stream->codecpar), "avcodec_parameters_copy");
    parameters.codec_tag = 0;  // the tag belongs to the old container
  }

  AVRational time_base() const override { return input_.stream->time_base; }

  bool next(AVPacket& packet) override {
    // A damaged end of the sound is no reason to lose the video: it just stops there.
    while (input_.demuxer.read(packet) >= 0) {
      if (packet.stream_index == input_.stream->index && place(packet)) return true;
      av_packet_unref(&packet);
      if (ended_) break;
    }
    return false;
  }

 private:
  bool place(AVPacket& packet) {
    int64_t stamp = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
    if (stamp == AV_NOPTS_VALUE) stamp = next_stamp_;
    next_stamp_ = stamp + packet.duration;
    if (stamp >= input_.end) {
      ended_ = true;
      return false;
    }
    const int64_t time = stamp - input_.zero;
    if (time + std::max<int64_t>(packet.duration, 1) <= 0 && time < 0 && earliest_ == INT64_MIN && !is_warm_up(time)) {
      return false;
    }
    if (time < earliest_) return false;
    packet.pts = packet.dts = std::max(time, last_ == INT64_MIN ? time : last_ + 1);
    last_ = packet.pts;
    packet.pos = -1;
    return true;
  }

  // Packets before 0 that the old container already hides: keeping them keeps the copy exact.
  bool is_warm_up(int64_t time) const {
    const bool from_start = input_.stream->start_time == AV_NOPTS_VALUE || input_.zero <= input_.stream->start_time;
    return from_start && time >= -av_rescale_q(1, {1, 10}, time_base());
  }

  AudioInput input_;
  int64_t earliest_ = INT64_MIN;
  int64_t last_ = INT64_MIN;
  int64_t next_stamp_ = 0;
  bool ended_ = false;
};

}  // namespace

std::optional<AudioInput> open_audio(const AudioSource& source) {
  Demuxer demuxer(source.path);
  AVStream* audio = demuxer.best(AVMEDIA_TYPE_AUDIO);
  if (audio == nullptr) return std::nullopt;
  const AVStream* video = demuxer.best(AVMEDIA_TYPE_VIDEO);
  const AVStream& clock = video != nullptr ? *video : *audio;
  const int64_t origin = clock.start_time == AV_NOPTS_VALUE ? 0 : clock.start_time;
  const auto ticks = [&](double seconds) {
    return av_rescale_q(origin, clock.time_base, audio->time_base) +
           std::llround(std::min(seconds, 1e9) / av_q2d(audio->time_base));
  };
  const int64_t zero = ticks(source.start_seconds);
  const int64_t end = source.end_seconds ? ticks(*source.end_seconds) : INT64_MAX;
  demuxer.use_only(*audio);
  // Half a second early: decoders need a few packets to warm up. Where seeking fails, reading from the start works too.
  if (source.start_seconds > 1) demuxer.seek(*audio, ticks(source.start_seconds - 0.5));
  return AudioInput{std::move(demuxer), audio, zero, end};
}

std::unique_ptr<AudioTrack> copy_audio(AudioInput input, const AVOutputFormat& container) {
  const std::string_view name = container.name;
  return std::make_unique<AudioCopier>(std::move(input), name == "mp4" || name == "mov");
}

}  // namespace animate
