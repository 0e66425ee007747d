#pragma once

#include <cstdint>

#include "models/video_diffusion/told_config.h"

namespace animate::models::video_diffusion {

// What a clip costs, told from configs and sizes alone (models/video_diffusion/README.md#cost).

// Floating-point operations, two a multiply-add, of the products that nearly all time goes into.
struct Flop {
  double convolutions = 0;  // 3x3 and 1x1
  double time = 0;          // (3, 1, 1)
  double linear = 0;
  double attention = 0;  // among pixels and frames

  double sum() const { return convolutions + time + linear + attention; }
  Flop& operator+=(const Flop& other);
};

struct ClipSize {
  int64_t frames = 14;
  int64_t height = 576;  // pixels, multiples of the autoencoder's factor
  int64_t width = 1024;
};

// One call of the UNet for one clip.
Flop unet_flop(const Configs& configs, const ClipSize& size);
// One picture through the encoder; the whole clip through the decoder; one picture through CLIP.
Flop encoder_flop(const Configs& configs, const ClipSize& size);
Flop decoder_flop(const Configs& configs, const ClipSize& size);
Flop clip_flop(const Configs& configs);

// Bytes at the busiest moment of a part: its weights in float, and the maps that are there at once.
struct Memory {
  double weights = 0;
  double maps = 0;
  double sum() const { return weights + maps; }
};
Memory unet_memory(const Configs& configs, const ClipSize& size);
Memory encoder_memory(const Configs& configs, const ClipSize& size);
// Of `chunk` frames decoded at once.
Memory decoder_memory(const Configs& configs, const ClipSize& size, int64_t chunk);
Memory clip_memory(const Configs& configs);

// The most of all parts, which follow each other.
double peak_memory(const Configs& configs, const ClipSize& size, int64_t chunk);

// As many frames as can be decoded at once within `bytes`; at least 1, at most all.
int64_t chunk_within(const Configs& configs, const ClipSize& size, double bytes);

}  // namespace animate::models::video_diffusion
