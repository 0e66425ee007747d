#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "media/demuxer.h"
#include "media/sound_survey.h"
#include "media/video_writer.h"

namespace animate::media {

// The sound of another file as packets for a new one, with time 0 at the first frame of the new video: sound that
// starts later stays later. Reads the file as it goes. Not thread-safe.
// Two kinds: AudioCopier hands the packets on untouched, AudioTranscoder encodes the sound again. Sound that is not
// whole (see SoundSurvey) is for the second.
class AudioTrack {
 public:
  virtual ~AudioTrack() = default;
  // Codec, rate and channels, for the new stream.
  virtual void describe(AVCodecParameters& parameters) const = 0;
  virtual AVRational time_base() const = 0;
  // The next packet, timestamps in time_base(). False at the end.
  virtual bool next(AVPacket& packet) = 0;
};

// Parts of a sound that are taken out because the pictures' times jump there.
class SoundCuts {
 public:
  struct Cut {
    int64_t from;  // first stamp that is taken out
    int64_t to;    // first stamp behind it, which moves to `from`
  };
  SoundCuts() = default;
  explicit SoundCuts(std::vector<Cut> cuts) : cuts_(std::move(cuts)) {}

  // Where a stamp of the stream lies once the parts are gone; nullopt inside one of them.
  std::optional<int64_t> place(int64_t stamp) const;
  bool empty() const { return cuts_.empty(); }

 private:
  std::vector<Cut> cuts_;
};

// An opened sound stream and the piece of it that is wanted. Shared by both kinds of track.
struct AudioInput {
  Demuxer demuxer;
  AVStream* stream;
  int64_t zero;     // the stream's timestamp that becomes 0
  int64_t end;      // the timestamp where the sound stops; INT64_MAX: at the end of the stream
  bool from_start;  // nothing is cut off at the front
  SoundSurvey survey = {};
  SoundCuts cuts = {};
};

// nullopt when the file holds no sound. Throws Error(Input) when it cannot be read.
std::optional<AudioInput> open_audio(const AudioSource& source);

std::unique_ptr<AudioTrack> copy_audio(AudioInput input, const AVOutputFormat& container);
std::unique_ptr<AudioTrack> transcode_audio(AudioInput input, const AVCodec& encoder, bool global_header);

}  // namespace animate::media
