#pragma once

#include <optional>
#include <string>

#include "media/demuxer.h"

namespace animate::media {

// Which of a file's video streams is the clip. Covers inside sound files are no video streams.
struct VideoChoice {
  AVStream* stream = nullptr;  // null: the file has none
  std::string note;            // one sentence where several streams move and one of them had to be taken
};

// The longest stream that moves, of equally long ones the one that FFmpeg takes. `wanted` is a number among the video
// streams, from 0. Where there are several, the file is read through once. Throws Error(Usage) where there is no
// stream of that number.
VideoChoice choose_video(const Demuxer& demuxer, std::optional<int64_t> wanted = std::nullopt);

// The sound that belongs to a video stream, or the file's best one; null where there is none.
AVStream* choose_audio(const Demuxer& demuxer, const AVStream* video);

}  // namespace animate::media
