#pragma once

#include <cstdint>
#include <span>

// Colour jitter on 8-bit RGB pixels, as Pillow computes it to the last bit (models/fomm/README.md#colour-jitter).
// Pixels are interleaved and changed in place; factor 1 changes nothing (hue: 0). Thread-safe.
namespace animate::train {

void adjust_brightness(std::span<uint8_t> rgb, float factor);
void adjust_contrast(std::span<uint8_t> rgb, float factor);
void adjust_saturation(std::span<uint8_t> rgb, float factor);
// `turn` in [-0.5, 0.5] of the colour circle.
void adjust_hue(std::span<uint8_t> rgb, float turn);

}  // namespace animate::train
