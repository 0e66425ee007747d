#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace animate::media {

// Size and EXIF orientation, read from the bytes of a picture without decoding it. Knows JPEG, PNG, GIF, BMP, WebP
// and TIFF; any other or broken file gives zeros and upright. Never reads beyond the span, never throws.
struct PictureHeader {
  int64_t width = 0;  // as stored; 0 when unknown
  int64_t height = 0;
  int orientation = 1;  // the EXIF tag, 1 to 8
};

PictureHeader read_picture_header(std::span<const std::byte> file);

}  // namespace animate::media
