#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "animate/image.h"
#include "media/av_ptr.h"
#include "media/color_converter.h"
#include "media/output_format.h"
#include "media/palette_filter.h"
#include "media/video_writer.h"

namespace animate::media {

// Frames in, packets out, timestamps kept as they are. Does not write files. Colours are BT.709, limited range, and
// tagged so. Not thread-safe.
class VideoEncoder {
 public:
  // `global_header`: the container wants the codec's parameters in its own header. Throws Error(Usage) when the
  // encoder refuses the options.
  VideoEncoder(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
               const VideoWriterOptions& options, bool global_header);

  void send(const Frame& frame);
  void drain();
  // False: the next frame is needed, or everything is out after drain().
  bool receive(AVPacket& packet);

  const AVCodecContext& context() const { return *context_; }
  // Encoded size; one more than asked for where chroma subsampling needs an even number.
  int width() const { return context_->width; }
  int height() const { return context_->height; }
  int64_t nominal_duration() const { return nominal_duration_; }

 private:
  // Makes context_ and starts it; the codec's error, or 0 and above.
  int open(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
           const VideoWriterOptions& options, bool global_header);
  [[noreturn]] void fail_start(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
                               const VideoWriterOptions& options, int code);
  void set_quality(const std::filesystem::path& target, const VideoWriterOptions& options, Dictionary& dictionary);
  void send_to_codec(AVFrame* frame);

  UniqueCodec context_;
  std::optional<PixelPacker> packer_;
  std::optional<PaletteFilter> palette_;
  std::map<int64_t, int64_t> durations_;  // of the frames inside the encoder, by pts
  int64_t nominal_duration_ = 1;
};

}  // namespace animate::media
