#pragma once

#include <string>
#include <string_view>

#include "animate/image.h"

namespace animate::serve {

// Pictures as they go over the wire, several times a second.

// Quality 1 to 100; colours are halved in both directions below 90. Throws animate::Error(Internal).
std::string encode_jpeg(const Image& picture, int quality);

// Throws Refusal(415) for what is no JPEG or is damaged, Refusal(413) for one of more than `longest` pixels on a side.
// Grey and colour JPEGs; EXIF is not looked at.
Image decode_jpeg(std::string_view bytes, int longest);

}  // namespace animate::serve
