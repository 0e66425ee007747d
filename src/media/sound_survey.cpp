#include "media/sound_survey.h"

#include <algorithm>

#include "base/error.h"
#include "media/joined_clock.h"
#include "media/packet_decoder.h"

namespace animate::media {
namespace {

// Packets of live recordings overlap by a little, because their times are those of their arrival.
constexpr AVRational kTolerance = {1, 10};

constexpr double kEarlySeconds = 0.5;

// One reading of the stream.
class Survey {
 public:
  Survey(const Demuxer& original, const AVStream& stream, std::optional<double> end_seconds)
      : demuxer_(original.path()), end_seconds_(end_seconds) {
    const AVFormatContext& file = demuxer_.context();
    if (stream.index >= static_cast<int>(file.nb_streams)) return;
    stream_ = file.streams[stream.index];
    demuxer_.use_only(*stream_);
    clock_.emplace(av_rescale_q(1, kTolerance, stream_->time_base));
    if (avcodec_find_decoder(stream_->codecpar->codec_id) != nullptr) decoder_.emplace(*stream_, demuxer_.path());
  }

  SoundSurvey run() {
    if (stream_ == nullptr) return found_;
    int code = 0;
    bool cut = false;
    while (!cut && (code = demuxer_.read(*packet_)) >= 0) {
      if (packet_->stream_index == stream_->index) {
        look_at(*packet_);
        cut = end_seconds_ && at() >= *end_seconds_;
      }
      av_packet_unref(packet_.get());
    }
    if (code < 0 && code != AVERROR_EOF) note_damage();
    if (decoder_ && !cut) {
      decoder_->drain();
      decode();
    }
    if (!cut) look_at_end();
    return found_;
  }

 private:
  double seconds(int64_t ticks) const { return static_cast<double>(ticks) * av_q2d(stream_->time_base); }
  double at() const { return first_ ? seconds(next_ - *first_) : 0; }

  void look_at(const AVPacket& packet) {
    int64_t stamp = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
    if (stamp != AV_NOPTS_VALUE && first_) {
      const bool again = last_stamp_ != AV_NOPTS_VALUE && stamp <= last_stamp_;
      const int64_t joins = clock_->joins();
      const int64_t placed = clock_->place(stamp, next_);
      if ((again || clock_->joins() > joins) && !found_.steps_back) found_.steps_back = at();
      last_stamp_ = stamp;
      stamp = std::max(placed, next_ - av_rescale_q(1, kTolerance, stream_->time_base));
    } else {
      last_stamp_ = stamp;
    }
    if (stamp == AV_NOPTS_VALUE) stamp = next_;
    if (!first_) first_ = stamp;
    next_ = stamp + packet.duration;
    if ((packet.flags & AV_PKT_FLAG_CORRUPT) != 0) note_damage();
    if (!decoder_) return;
    // What cannot be decoded before the first sound is the end of something that was cut off.
    if (!decoder_->send(packet) && decoded_) note_damage();
    decode();
  }

  void decode() {
    const int64_t damaged = decoder_->damaged();
    while (decoder_->receive(*frame_) == PacketDecoder::Result::Frame) {
      const bool same = frame_->sample_rate == rate_ && frame_->ch_layout.nb_channels == channels_;
      if (decoded_ && !same) found_.changes = true;
      rate_ = frame_->sample_rate;
      channels_ = frame_->ch_layout.nb_channels;
      decoded_ = true;
    }
    if (decoded_ && decoder_->damaged() > damaged) note_damage();
  }

  void note_damage() {
    if (!found_.damaged) found_.damaged = at();
  }

  void look_at_end() {
    const AVFormatContext& file = demuxer_.context();
    if (stream_->duration <= 0 || file.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return;
    if (at() < seconds(stream_->duration) - kEarlySeconds) found_.ends_early = at();
  }

  Demuxer demuxer_;
  AVStream* stream_ = nullptr;  // owned by demuxer_
  std::optional<PacketDecoder> decoder_;
  std::optional<double> end_seconds_;
  std::optional<JoinedClock> clock_;
  UniquePacket packet_ = make_packet();
  UniqueFrame frame_ = make_frame();
  SoundSurvey found_;
  std::optional<int64_t> first_;         // on the clock
  int64_t next_ = 0;                     // where the next packet is expected
  int64_t last_stamp_ = AV_NOPTS_VALUE;  // as the file has it
  int rate_ = 0;
  int channels_ = 0;
  bool decoded_ = false;
};

}  // namespace

std::vector<std::string> SoundSurvey::warnings(const std::string& name) const {
  std::vector<std::string> list;
  if (steps_back) {
    list.push_back(
        fmt::format("{}: the times of its sound step back at {:.1f} s, as where recordings are joined; it is "
                    "put in order and encoded again",
                    name, *steps_back));
  }
  if (damaged && !ends_early) {
    list.push_back(
        fmt::format("{}: its sound is damaged from {:.1f} s on; what decodes of it is used", name, *damaged));
  }
  if (ends_early) {
    list.push_back(
        fmt::format("{}: its sound ends early or is damaged after {:.1f} s; what is there is used", name, *ends_early));
  }
  return list;
}

SoundSurvey survey_sound(const Demuxer& demuxer, const AVStream& stream, std::optional<double> end_seconds) {
  return Survey(demuxer, stream, end_seconds).run();
}

}  // namespace animate::media
