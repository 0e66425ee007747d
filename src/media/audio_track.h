#pragma once

#include <filesystem>
#include <memory>

#include "media/demuxer.h"
#include "media/video_writer.h"

namespace animate::media {

// The sound of another file as packets for a new one, with time 0 at the first frame of the new video: sound that
// starts later stays later. Reads the file as it goes. Not thread-safe.
// Two kinds: AudioCopier hands the packets on untouched, AudioTranscoder encodes the sound again.
class AudioTrack {
 public:
  virtual ~AudioTrack() = default;
  // Codec, rate and channels, for the new stream.
  virtual void describe(AVCodecParameters& parameters) const = 0;
  virtual AVRational time_base() const = 0;
  // The next packet, timestamps in time_base(). False at the end.
  virtual bool next(AVPacket& packet) = 0;
};

// An opened sound stream and the piece of it that is wanted. Shared by both kinds of track.
struct AudioInput {
  Demuxer demuxer;
  AVStream* stream;
  int64_t zero;     // the stream's timestamp that becomes 0
  int64_t end;      // the timestamp where the sound stops; INT64_MAX: at the end of the stream
  bool from_start;  // nothing is cut off at the front
};

// nullopt when the file holds no sound. Throws Error(Input) when it cannot be read.
std::optional<AudioInput> open_audio(const AudioSource& source);

std::unique_ptr<AudioTrack> copy_audio(AudioInput input, const AVOutputFormat& container);
std::unique_ptr<AudioTrack> transcode_audio(AudioInput input, const AVCodec& encoder, bool global_header);

}  // namespace animate::media
