#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace animate::media {

// What a picture file is by its first bytes, as far as readers differ. Other: FFmpeg is asked.
enum class PictureKind { Other, Jpeg, Png, WebP, AnimatedWebP, Tiff, Heic, Avif, JpegXl, Targa };

// 512 bytes are enough.
PictureKind picture_kind(std::span<const std::byte> head);
// The same for a file; Other where it cannot be read. Targa, which has no signature, is told by its header and suffix.
PictureKind picture_kind_of(const std::filesystem::path& path);

// What a whole JPEG or TIFF file holds that is read nowhere, as it completes "is a picture with …": "arithmetic
// coding", "JPEG compression". Empty when there is nothing of the kind. Never reads beyond the span, never throws.
std::string unreadable_part(std::span<const std::byte> file);

}  // namespace animate::media
