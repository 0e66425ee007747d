#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "media/av_ptr.h"
#include "media/number_pattern.h"
#include "media/video_writer.h"

namespace animate::media {

// What a target name and the options amount to. Only looks things up; opens nothing.
struct OutputPlan {
  bool pictures = false;                 // PNG or JPEG files instead of a container
  std::optional<NumberPattern> pattern;  // of pictures; none = a single picture

  const AVOutputFormat* container = nullptr;
  const AVCodec* encoder = nullptr;
  AVPixelFormat pixel_format = AV_PIX_FMT_NONE;  // for GIF: what the palette filter is fed with
};

// Throws Error(Usage) when the suffix, encoder, pixel format or quality does not fit.
OutputPlan plan_output(const std::filesystem::path& path, const VideoWriterOptions& options);

// Whether sound of this codec may be copied into the container and then plays everywhere.
bool can_copy_audio(const AVOutputFormat& container, AVCodecID codec);
// The encoder for other sound, or null where the container holds none.
const AVCodec* audio_encoder(const AVOutputFormat& container);

}  // namespace animate::media
