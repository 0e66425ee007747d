#include <algorithm>
#include <cmath>

#include "media/audio_track.h"
#include "media/packet_times.h"
#include "media/video_choice.h"

namespace animate::media {
namespace {

// The jumps in the times of the pictures that are shortened, as times of the sound. Pictures come out of order, by a
// few; a jump is far longer.
SoundCuts cuts_of(const Demuxer& demuxer, const AVStream& video, const AVStream& audio, double longest_seconds) {
  const int64_t longest = std::llround(longest_seconds / av_q2d(video.time_base));
  std::vector<SoundCuts::Cut> cuts;
  int64_t latest = AV_NOPTS_VALUE;
  visit_packets(demuxer.path(), video.index, [&](const AVPacket& packet, const AVStream&) {
    const int64_t stamp = stamp_of(packet);
    if (stamp == AV_NOPTS_VALUE) return true;
    if (latest != AV_NOPTS_VALUE && stamp - latest > longest) {
      cuts.push_back({av_rescale_q(latest + longest, video.time_base, audio.time_base),
                      av_rescale_q(stamp, video.time_base, audio.time_base)});
    }
    latest = latest == AV_NOPTS_VALUE ? stamp : std::max(latest, stamp);
    return true;
  });
  return SoundCuts(std::move(cuts));
}

}  // namespace

std::optional<int64_t> SoundCuts::place(int64_t stamp) const {
  int64_t removed = 0;
  for (const Cut& cut : cuts_) {
    if (stamp >= cut.to) {
      removed += cut.to - cut.from;
    } else if (stamp >= cut.from) {
      return std::nullopt;
    }
  }
  return stamp - removed;
}

std::optional<AudioInput> open_audio(const AudioSource& source) {
  Demuxer demuxer(source.path);
  const AVStream* video = choose_video(demuxer, source.video_stream).stream;
  AVStream* audio = choose_audio(demuxer, video);
  if (audio == nullptr) return std::nullopt;
  const AVStream& clock = video != nullptr ? *video : *audio;
  const int64_t origin = clock.start_time == AV_NOPTS_VALUE ? 0 : clock.start_time;
  const auto ticks = [&](double seconds) {
    return av_rescale_q(origin, clock.time_base, audio->time_base) +
           std::llround(std::min(seconds, 1e9) / av_q2d(audio->time_base));
  };
  AudioInput input{std::move(demuxer), audio, ticks(source.start_seconds),
                   source.end_seconds ? ticks(*source.end_seconds) : INT64_MAX, source.start_seconds <= 0};
  input.survey = survey_sound(input.demuxer, *audio, source.end_seconds);
  if (source.pictures_are_read) input.survey.ends_early.reset();
  if (source.longest_gap_seconds && video != nullptr) {
    input.cuts = cuts_of(input.demuxer, *video, *audio, *source.longest_gap_seconds);
  }
  input.demuxer.use_only(*audio);
  // Half a second early: decoders need a few packets to warm up. Where seeking fails, reading from the start works too,
  // and where times step back or are shortened nothing else does.
  if (source.start_seconds > 1 && !input.survey.steps_back && input.cuts.empty()) {
    input.demuxer.seek(*audio, ticks(source.start_seconds - 0.5));
  }
  return input;
}

}  // namespace animate::media
