#include <algorithm>
#include <cstdint>
#include <string_view>

#include "media/audio_track.h"

namespace animate::media {
namespace {

class AudioCopier final : public AudioTrack {
 public:
  AudioCopier(AudioInput input, bool has_edit_list) : input_(std::move(input)), has_edit_list_(has_edit_list) {
    if (has_edit_list) return;
    // Without an edit list nothing may lie before 0, except for the warm-up that Opus declares in the header.
    const AVCodecParameters& parameters = *input_.stream->codecpar;
    earliest_ = -av_rescale_q(parameters.initial_padding, {1, std::max(1, parameters.sample_rate)}, time_base());
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
    const std::optional<int64_t> placed = input_.cuts.place(stamp);
    if (!placed) return false;
    if (*placed >= input_.end) {
      ended_ = true;
      return false;
    }
    const int64_t time = *placed - input_.zero;
    if (time < 0 && !wanted_before_zero(time, packet.duration)) return false;
    packet.pts = packet.dts = std::max({time, earliest_, last_ == INT64_MIN ? time : last_ + 1});
    last_ = packet.pts;
    packet.pos = -1;
    return true;
  }

  // The decoder's warm-up at the very start belongs to an exact copy; players skip it. Where the sound is cut, a packet
  // that reaches over 0 is kept only in MP4, which hides its first part behind an edit list.
  bool wanted_before_zero(int64_t time, int64_t duration) const {
    constexpr AVRational longest_warm_up = {1, 10};
    const bool warm_up = input_.from_start && time >= -av_rescale_q(1, longest_warm_up, time_base());
    if (has_edit_list_) return warm_up || time + duration > 0;
    // The first packet of Vorbis makes no sound, whatever its time.
    return warm_up && (time + duration > earliest_ || input_.stream->codecpar->codec_id == AV_CODEC_ID_VORBIS);
  }

  AudioInput input_;
  bool has_edit_list_;
  int64_t earliest_ = INT64_MIN;
  int64_t last_ = INT64_MIN;
  int64_t next_stamp_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<AudioTrack> copy_audio(AudioInput input, const AVOutputFormat& container) {
  const std::string_view name = container.name;
  return std::make_unique<AudioCopier>(std::move(input), name == "mp4" || name == "mov");
}

}  // namespace animate::media
