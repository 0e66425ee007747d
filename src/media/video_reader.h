#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "animate/image.h"
#include "animate/option_values.h"
#include "animate/rational.h"
#include "media/media_kind.h"

namespace animate::media {

class ClipSource;

// The part of a clip that is read, in seconds from its first picture: start <= time of a frame < end.
struct VideoReaderOptions {
  std::optional<double> start_seconds = std::nullopt;
  std::optional<double> end_seconds = std::nullopt;
  // What the path is, where the caller knows; otherwise it is looked at here.
  std::optional<MediaKind> kind = std::nullopt;
  // Which of several video streams, counted from 0; otherwise the longest that moves.
  std::optional<int64_t> video_stream = std::nullopt;
  // Of pictures without times of their own, a folder's or a pattern's; otherwise 25 a second.
  std::optional<Rational> picture_rate = std::nullopt;
  // Longer jumps in the times of a video are shortened to this, with a warning.
  std::optional<double> longest_gap_seconds = std::nullopt;
  Switch deinterlace = Switch::Auto;
};

// Facts about an opened clip. "FromHeader" values are what the file claims; decoding may find fewer frames.
struct VideoInfo {
  int width = 0;  // as shown: rotation applied, pixels made square
  int height = 0;
  Rational frame_rate;                             // usual number of frames a second
  Rational time_base;                              // seconds a tick of Frame::pts and Frame::duration
  std::optional<int64_t> frame_count_from_header;  // of the whole clip, trim not applied
  std::optional<double> duration_seconds;          // likewise
  double first_frame_seconds = 0;  // time of the first delivered frame within the clip; sound is cut at this point
  std::string container;           // FFmpeg's names, as in "mov,mp4,m4a,3gp,3g2,mj2", "h264", "yuv420p"
  std::string codec;
  std::string pixel_format;
  int rotation_degrees = 0;  // clockwise turn that was applied: 0, 90, 180 or 270
  bool has_audio = false;
  std::string audio_codec;
};

// A clip, frame by frame: a video file, an animated GIF, a folder of pictures (2.png before 10.png), a pattern such
// as frames/%05d.png, or one picture (a clip of one frame). Memory does not grow with the length of the clip.
// Does not play sound and does not seek backwards. Not thread-safe.
//
// The first delivered frame has pts 0, later ones strictly more; variable frame rates are kept. Every frame has the
// size of the first. A file that ends early or is damaged gives the frames that decode, and one warning.
class VideoReader {
 public:
  // Decodes the first frame, so that a clip without any is refused here. Throws Error(Input), or Error(Usage) when
  // the trim options contradict each other.
  explicit VideoReader(const std::filesystem::path& path, const VideoReaderOptions& options = {});
  ~VideoReader();
  VideoReader(VideoReader&&) noexcept;
  VideoReader& operator=(VideoReader&&) noexcept;

  const VideoInfo& info() const;
  // nullopt after the last frame.
  std::optional<Frame> next();
  // Complete once next() has returned nullopt.
  const std::vector<std::string>& warnings() const;
  // What was done to the clip and is no fault of it, a sentence each: which stream was taken, deinterlaced,
  // tone-mapped. May grow until the last frame.
  const std::vector<std::string>& notes() const;
  int64_t frames_read() const { return frames_read_; }

 private:
  std::unique_ptr<ClipSource> source_;
  int64_t frames_read_ = 0;
};

}  // namespace animate::media
