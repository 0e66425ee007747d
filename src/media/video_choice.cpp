#include "media/video_choice.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "media/packet_times.h"

namespace animate::media {
namespace {

// Streams whose lengths differ by less are equally long.
constexpr double kSameLengthSeconds = 0.5;

// Streams of one picture, or that FFmpeg cannot decode, come last.
VideoChoice longest_that_moves(const Demuxer& demuxer, const std::vector<AVStream*>& streams) {
  const auto lengths = stream_lengths(demuxer.path());
  const int usual = av_find_best_stream(&demuxer.context(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  const auto length = [&](const AVStream* stream) {
    const auto index = static_cast<size_t>(stream->index);
    const bool known = index < lengths.size() && avcodec_find_decoder(stream->codecpar->codec_id) != nullptr;
    return known ? lengths[index] : StreamLength{};
  };
  const auto moving =
      std::count_if(streams.begin(), streams.end(), [&](const AVStream* stream) { return length(stream).packets > 1; });
  AVStream* best = streams.front();
  for (AVStream* stream : streams) {
    const StreamLength a = length(stream);
    const StreamLength b = length(best);
    const bool moves = a.packets > 1;
    const bool best_moves = b.packets > 1;
    const bool longer = a.seconds > b.seconds + kSameLengthSeconds;
    const bool as_long = a.seconds > b.seconds - kSameLengthSeconds;
    if (moves != best_moves ? moves : longer || (as_long && stream->index == usual)) best = stream;
  }
  VideoChoice choice{best, {}};
  if (moving > 1) {
    const auto number = std::find(streams.begin(), streams.end(), best) - streams.begin();
    choice.note = fmt::format("{}: of {} video streams number {} is read, the longest that moves (--video-stream N)",
                              show(demuxer.path()), streams.size(), number);
  }
  return choice;
}

}  // namespace

VideoChoice choose_video(const Demuxer& demuxer, std::optional<int64_t> wanted) {
  const auto streams = demuxer.video_streams();
  if (wanted) {
    check(*wanted < static_cast<int64_t>(streams.size()), ErrorKind::Usage,
          "{}: has no video stream {}, as there {}, counted from 0; choose another --video-stream",
          show(demuxer.path()), *wanted,
          streams.empty()       ? "is none"
          : streams.size() == 1 ? "is 1"
                                : fmt::format("are {}", streams.size()));
    return {streams[static_cast<size_t>(*wanted)], {}};
  }
  if (streams.empty()) return {};
  return streams.size() == 1 ? VideoChoice{streams.front(), {}} : longest_that_moves(demuxer, streams);
}

AVStream* choose_audio(const Demuxer& demuxer, const AVStream* video) {
  const int index =
      av_find_best_stream(&demuxer.context(), AVMEDIA_TYPE_AUDIO, -1, video == nullptr ? -1 : video->index, nullptr, 0);
  return index < 0 ? nullptr : demuxer.context().streams[index];
}

}  // namespace animate::media
