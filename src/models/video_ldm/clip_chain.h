#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>

#include "models/video_ldm/clip_sampler.h"
#include "models/video_ldm/ldm_weights.h"

namespace animate::models::video_ldm {

// A clip as a chain (Blattmann et al., CVPR 2023, sections 3.2 and 3.3): run after run goes on from the last two
// frames, and between consecutive ones others are set. Only a run is in memory, so there is no end to its length.
struct ChainRequest {
  torch::Tensor first;      // latents [c, h, w] of the first frame
  torch::Tensor token;      // LdmNetworks::token_of()
  int64_t frames = 0;       // of a run, those known counted; at least 3 for more than one run, else 2
  int64_t length = 0;       // of the clip, interpolated frames counted
  int64_t interpolate = 0;  // how often three frames are set between two; more than 0 needs such a network
  Sampling sampling;
};

// Frames of the clip that a run without interpolation makes dense, T key frames at once: 4^n (T - 1) + 1.
int64_t dense_length(int64_t keys, int64_t interpolate);
// Runs of a chain of so many key frames.
int64_t runs_of_chain(int64_t keys, int64_t frames);
// Key frames of a clip of so many frames.
int64_t keys_of(int64_t length, int64_t interpolate);

// Hands over latents [n, c, h, w] in order, `length` in all, as they come. Stops early where the sampling is told to.
void make_chain(const LdmNetworks& networks, const ChainRequest& request,
                const std::function<void(const torch::Tensor& latents)>& take);

}  // namespace animate::models::video_ldm
