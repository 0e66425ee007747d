#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "animate/rational.h"
#include "media/media_kind.h"

namespace animate::media {

// What can be told about a file, folder or pattern without decoding it. Empty strings and nullopt: not known or not
// there. Names of codecs, formats and colours are FFmpeg's.
struct MediaInfo {
  MediaKind kind = MediaKind::Unknown;
  std::string container;

  int width = 0;  // as shown: rotation applied, pixels made square
  int height = 0;
  std::string codec;
  std::string pixel_format;
  int rotation_degrees = 0;  // clockwise turn that makes the stored picture upright
  Rational frame_rate{0, 1};
  std::optional<int64_t> frames;  // by the header
  std::optional<double> duration_seconds;
  std::string color_range;  // "tv" or "pc"
  std::string color_matrix;
  std::string color_primaries;
  std::string color_transfer;

  std::string audio_codec;  // empty: no sound
  int audio_sample_rate = 0;
  int audio_channels = 0;
};

// Throws Error(Input) when there is nothing to be told. A file with sound only is fine here (kind Unknown).
MediaInfo probe_media(const std::filesystem::path& path);

// Throws Error(Usage) where the file has no video stream of this number, counted from 0.
void check_video_stream(const std::filesystem::path& path, int64_t number);

// Throws Error(Input), saying what sound files are, where a file holds no sound.
void check_sound(const std::filesystem::path& path);

}  // namespace animate::media
