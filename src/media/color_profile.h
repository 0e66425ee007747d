#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "animate/image.h"

namespace animate::media {

// The picture in sRGB. `profile` is the ICC profile (of RGB or gray) that its numbers belong to; without one, or with
// one that changes no colour by more than two steps, the same pixels come back, not a copy. A profile that is broken or
// of other colours (CMYK) is passed over with a line that names `shown`. Relative colorimetric, black points matched,
// as browsers do.
Image to_srgb(const Image& image, std::span<const std::byte> profile, const std::string& shown);

}  // namespace animate::media
