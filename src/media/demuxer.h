#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "media/av_ptr.h"

namespace animate::media {

// An opened media file that hands out packets. Knows containers and streams; decodes nothing.
// The container is recognised by content, never by its name, and it may open no other file: playlists
// are refused. Not thread-safe.
class Demuxer {
 public:
  enum class Depth {
    Header,   // open the container only; pictures are not decoded
    Streams,  // also read ahead until size, rate and codec of each stream are known
  };

  // What the file is opened for, which refusals say.
  enum class Wanted { Pictures, Picture, Sound };  // Pictures: moving or one
  static constexpr std::string_view kPictureFiles = "a JPEG, PNG, WebP, AVIF, HEIC, BMP or TIFF file";
  static constexpr std::string_view kSoundFiles = "an MP3, M4A, WAV, FLAC, Ogg or Opus file, or a video that has sound";

  // Throws Error(Input) when the file cannot be read or is nothing that FFmpeg knows.
  explicit Demuxer(const std::filesystem::path& path, Depth depth = Depth::Streams, Wanted wanted = Wanted::Pictures);

  const std::filesystem::path& path() const { return path_; }
  AVFormatContext& context() const { return *context_; }
  std::string_view format_name() const { return context_->iformat->name; }
  // A still picture such as JPEG or PNG (but GIF and APNG are containers that may hold one frame or many).
  bool is_picture() const { return format_name().ends_with("_pipe"); }

  // In their order in the file; a cover picture inside a sound file is not a video stream. Which of several is the clip
  // or its sound: video_choice.h.
  std::vector<AVStream*> video_streams() const;
  // Packets of every other stream are dropped as early as the container allows.
  void use_only(const AVStream& stream);

  // 0, AVERROR_EOF, or another negative code where the file is damaged. The packet must be unreferenced by the caller.
  int read(AVPacket& packet) { return av_read_frame(context_.get(), &packet); }
  // Goes to the last key frame at or before `timestamp`, in the stream's time base. False when that is impossible.
  bool seek(const AVStream& stream, int64_t timestamp);

 private:
  std::filesystem::path path_;
  UniqueIo io_;  // outlives the context that reads from it
  UniqueInput context_;
};

}  // namespace animate::media
