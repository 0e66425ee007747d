#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "media/metadata.h"

namespace animate::media {

// An XMP packet with the known keys: where photo programs and platforms look for IPTC's digital source type.
std::string xmp_packet(const Metadata& metadata);

// A whole PNG or JPEG file with texts put in: PNG text chunks and XMP behind the header, JPEG XMP and comment segments
// behind JFIF's. Pixels stay as they are. Throws Error(Usage) for a text longer than a JPEG segment, 65533 bytes.
std::vector<uint8_t> with_png_text(std::span<const uint8_t> file, const Metadata& metadata);
std::vector<uint8_t> with_jpeg_text(std::span<const uint8_t> file, const Metadata& metadata);

// A GIF comment extension, to stand in front of the trailer. Control characters become spaces.
std::vector<uint8_t> gif_comment(const std::string& text);

}  // namespace animate::media
