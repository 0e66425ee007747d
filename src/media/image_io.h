#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "animate/image.h"
#include "media/metadata.h"

namespace animate::media {

struct ImageOptions {
  std::array<uint8_t, 3> background{255, 255, 255};  // RGB, shown where the picture is transparent
  bool opaque = false;                               // the colours as they are stored, whatever their opacity
  int64_t max_pixels = 100'000'000;
  int max_side = 16'384;
};

// What is known of a picture before its pixels are decoded.
struct PictureFacts {
  int width = 0;  // as stored, before rotation
  int height = 0;
  std::string codec;  // FFmpeg's name, as in "mjpeg" or "png"
  std::string pixel_format;
  int rotation_degrees = 0;  // clockwise turn asked for by EXIF
};

// JPEG, PNG (palette, gray, 16 bits), WebP, AVIF, HEIC, BMP, TIFF and the first frame of a GIF or animated WebP, as
// upright RGB8 in sRGB. Throws Error(Input) for what is not read, damaged, or beyond the limits (before decoding it).
Image load_image(const std::filesystem::path& path, const ImageOptions& options = {});

// Writes .png (lossless) or .jpg (quality about 95, no chroma subsampling), whole or not at all.
// Throws Error(Usage) on another suffix, Error(Input) when it cannot be written.
void save_image(const std::filesystem::path& path, const Image& image, const Metadata& metadata = {});

// Reads a picture's header; its pixel format may be unknown ("").
PictureFacts picture_facts(const std::filesystem::path& path);

// The refusal shared by pictures and videos. Throws Error(Input).
void check_picture_size(const std::filesystem::path& path, int64_t width, int64_t height,
                        const ImageOptions& options = {});

}  // namespace animate::media
