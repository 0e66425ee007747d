#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/temp_file.h"
#include "media/audio_track.h"
#include "media/frame_sink.h"
#include "media/gif_pacer.h"
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
  void encode(const Frame& frame);
  void write_video_packets();
  // Interleaves: sound up to the time of the video packets that are out, in seconds.
  void write_audio_until(double seconds);
  // The sound is given up, the pictures are kept.
  void drop_audio(const std::string& why);

  TempFile file_;
  Muxer muxer_;
  std::optional<VideoEncoder> encoder_;
  std::optional<GifPacer> pacer_;
  AVRational time_base_;  // of the frames written
  std::unique_ptr<AudioTrack> audio_;
  std::string audio_name_;            // of the file that the sound is from
  AVStream* video_stream_ = nullptr;  // owned by muxer_
  AVStream* audio_stream_ = nullptr;
  UniquePacket packet_ = make_packet();
  UniquePacket audio_packet_ = make_packet();
  bool audio_pending_ = false;  // audio_packet_ waits for the video to reach it
  int64_t end_ = 0;             // of the last frame, in the encoder's time base
};

}  // namespace animate::media
