#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace animate::media {

// The parts of a JPEG or PNG file that make its pixels, in their order, so that a flaw in the rest (a text with a wrong
// checksum, a broken colour profile, Exif data that end early, bytes behind the picture) does no harm. A JPEG that ends
// without its end mark before other bytes gets the mark. Files of other kinds and those that are cut come as they are:
// what is damaged stays so. Never reads beyond the span, never throws.
std::vector<std::byte> picture_essence(std::span<const std::byte> file);

// The colour profile (ICC) that a JPEG, PNG, WebP or TIFF carries, not checked; empty where there is none or a piece of
// it is missing. One that cannot be unpacked comes as a byte, which is no profile.
std::vector<std::byte> stored_profile(std::span<const std::byte> file);

}  // namespace animate::media
