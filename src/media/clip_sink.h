#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/temp_file.h"
#include "media/audio_track.h"
#include "media/frame_sink.h"
#include "media/muxer.h"
#include "media/video_encoder.h"

namespace animate::media {

// Frames (and the sound of another file) into one container file.
class ClipSink final : public FrameSink {
 public:
  ClipSink(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
           const VideoWriterOptions& options);
  void write(const Frame& frame) override;
  void finish() override;

 private:
  void open_audio_track(const VideoWriterOptions& options, const OutputPlan& plan, bool global_header);
  void write_video_packets();
  // Interleaves: sound up to the time of the video packets that are out, in seconds.
  void write_audio_until(double seconds);

  TempFile file_;
  Muxer muxer_;
  std::optional<VideoEncoder> encoder_;
  std::unique_ptr<AudioTrack> audio_;
  AVStream* video_stream_ = nullptr;  // owned by muxer_
  AVStream* audio_stream_ = nullptr;
  UniquePacket packet_ = make_packet();
  UniquePacket audio_packet_ = make_packet();
  bool audio_pending_ = false;  // audio_packet_ waits for the video to reach it
  int64_t end_ = 0;             // of the last frame, in the encoder's time base
};

}  // namespace animate::media
