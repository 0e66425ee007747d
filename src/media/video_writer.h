#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "animate/image.h"
#include "animate/rational.h"
#include "media/metadata.h"

namespace animate::media {

class FrameSink;

// The file whose sound goes into the new video, and which part of it: seconds from the first picture of that file
// (from its first sound, where it has no pictures), as for VideoReaderOptions. The first written frame is at `start`.
struct AudioSource {
  std::filesystem::path path;
  double start_seconds = 0;
  std::optional<double> end_seconds = std::nullopt;
  std::optional<int64_t> video_stream = std::nullopt;        // whose pictures count, as in VideoReaderOptions
  std::optional<double> longest_gap_seconds = std::nullopt;  // jumps are shortened, as in VideoReaderOptions
  bool pictures_are_read = false;  // its VideoReader tells where the file ends early, so it is not told again
};

struct VideoWriterOptions {
  std::string codec;    // FFmpeg's name of an encoder or codec; "" = by container: libx264, for WebM libvpx-vp9
  std::string preset;   // of the encoder; "" = its default (libx264: medium)
  std::string pix_fmt;  // FFmpeg's name; "" = by codec, yuv420p where it can
  int crf = 18;         // quality, 0 (best) to 51 (H.264, H.265) or 63 (VP9, AV1)
  Rational frame_rate;  // told to the container and used for the last frame where its duration is 0
  Rational time_base;   // of the frames written; 0/1 = one tick a frame at frame_rate
  std::optional<AudioSource> audio;
  Metadata metadata;       // also title, artist, ... where the container knows them; GIF keeps the comment only
  bool bit_exact = false;  // nothing random and no times in the file but those of the metadata
};

// ".mp4", ".mov", ".mkv", ".webm", ".gif", ".png", ".jpg"
std::vector<std::string> supported_output_suffixes();

// Checks suffix, encoder, pixel format and quality without touching the disk, so that it can run before any weights
// are loaded. Throws Error(Usage).
void check_output_name(const std::filesystem::path& path, const VideoWriterOptions& options);

// Frames -> .mp4 .mov .mkv .webm .gif, or pictures: out-%05d.png (numbered from 1), out.png for a single frame.
// Works in a temporary file beside the target; the target appears, whole, in finish(). Destruction without finish()
// removes everything. Sound is copied as it is where the container allows its codec and its times are in order, else
// encoded again, and never goes on after the last frame. What cannot be used of it is left out with a warning, and the
// pictures are kept. Memory does not grow with the length of the clip. Not thread-safe.
class VideoWriter {
 public:
  // Throws Error(Usage) as check_output_name, Error(Input) when the target cannot be created or the sound not read.
  VideoWriter(const std::filesystem::path& target, int width, int height, const VideoWriterOptions& options);
  ~VideoWriter();
  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;

  // All frames have the size given above; pts must increase. Throws Error(Input) when the disk is full.
  void write(const Frame& frame);
  // Drains the encoder, ends the file and puts it in place. Needs at least one frame.
  void finish();

  int64_t frames_written() const { return frames_written_; }
  const std::vector<std::string>& warnings() const;

 private:
  std::unique_ptr<FrameSink> sink_;
  int64_t frames_written_ = 0;
};

}  // namespace animate::media
