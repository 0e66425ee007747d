#pragma once

#include <cstdint>

#include "media/clip_source.h"
#include "media/color_converter.h"
#include "media/demuxer.h"
#include "media/orientation.h"
#include "media/packet_decoder.h"
#include "media/picture_filter.h"
#include "media/timeline.h"
#include "media/video_choice.h"

namespace animate::media {

// Throws Error(Input) for pictures beyond the limits of ImageOptions, before their pixels are decoded.
AVStream& require_video_stream(const Demuxer& demuxer, const VideoChoice& choice);
inline AVStream& require_video_stream(const Demuxer& demuxer) {
  return require_video_stream(demuxer, choose_video(demuxer));
}

// Width and height with square pixels, before rotation.
struct DisplaySize {
  int width;
  int height;
};
DisplaySize display_size(const Demuxer& demuxer, AVStream& stream);
Orientation orientation_of(const AVStream& stream);
// The one place that says at which rate a stream runs: its average by the container, where it tells one; else what the
// times of its first pictures amount to; else the guessed one, else 25. May open the file a second time.
Rational frame_rate_of(const Demuxer& demuxer, const AVStream& stream);
// Fills everything that the headers tell.
VideoInfo describe_stream(const Demuxer& demuxer, AVStream& stream);

// The frames of one video stream, decoded to the very end, trimmed, timed and turned upright.
class StreamClip final : public ClipSource {
 public:
  StreamClip(const std::filesystem::path& path, const VideoReaderOptions& options);
  std::optional<Frame> next() override;

 private:
  void open(bool seek);
  bool decode(AVFrame& frame);
  std::optional<Frame> decode_next();
  void note_damage();
  void finish_warnings();
  std::optional<double> promised_length() const;
  void note_gap();
  double seconds(int64_t ticks) const;

  std::filesystem::path path_;
  VideoReaderOptions options_;
  std::optional<Demuxer> demuxer_;
  std::optional<PacketDecoder> decoder_;
  std::optional<PictureFilter> filter_;
  size_t filter_notes_ = 0;  // of its notes, told already
  std::optional<Timeline> timeline_;
  AVStream* stream_ = nullptr;
  ColorConverter converter_{ColorConverter::Source::Video};
  Orientation orientation_;
  DisplaySize stored_size_{};
  UniquePacket packet_ = make_packet();
  UniqueFrame frame_ = make_frame();

  std::optional<int64_t> origin_;  // time of the clip's first picture, in stream ticks
  std::optional<int64_t> first_;   // time of the first delivered picture
  std::optional<Frame> ready_;     // decoded by the constructor
  int64_t last_end_ = 0;           // end of the last delivered picture, in stream ticks
  int64_t delivered_ = 0;
  int64_t delivered_at_damage_ = -1;  // -1: nothing is damaged
  std::optional<double> promised_seconds_;
  double damage_seconds_ = 0;
  double shortened_seconds_ = 0;  // taken out of the clip's times
  int64_t damaged_packets_ = 0;
  bool seeked_ = false;
  bool cut_by_end_ = false;
  bool decoder_ended_ = false;
  bool finished_ = false;
};

}  // namespace animate::media
