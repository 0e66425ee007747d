#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "animate/export.h"
#include "animate/option_visitor.h"

namespace animate {

// How noise becomes a clip (diffusion/README.md#samplers).
enum class DreamSampler { Euler, EulerAncestral, DpmPlusPlus, Pndm, Ddim, Lcm };
template <>
inline constexpr auto kWords<DreamSampler> = std::to_array<std::string_view>({"euler", "euler-a", "dpm++", "pndm",
                                                                              "ddim", "lcm"});

// How a photo of another shape becomes a frame.
enum class PictureFit {
  Crop,    // the middle of it
  Pad,     // black beside it
  Squeeze  // all of it, distorted
};
template <>
inline constexpr auto kWords<PictureFit> = std::to_array<std::string_view>({"crop", "pad", "squeeze"});

// How strongly frames follow the photo: "2.5", or "1:3", which grows from the first frame to the last.
struct ANIMATE_EXPORT GuidanceRange {
  double first = 1;
  double last = 3;

  // Throws Error(Usage) for what is no such text, or out of 0 to 30.
  static GuidanceRange parse(std::string_view text);
  std::string text() const;
  bool operator==(const GuidanceRange&) const = default;
};

// What a dreamt clip is to be.
struct ANIMATE_EXPORT DreamOptions {
  int64_t frames = 0;  // of one run of the model; 0: as many as it was trained on
  int64_t length = 0;  // of the whole clip, chained from the last frame where it is longer; 0: one run
  int64_t width = 0;   // in pixels; 0: the photo's shape with as many pixels as the model was trained on
  int64_t height = 0;
  PictureFit fit = PictureFit::Crop;
  int64_t steps = 0;  // 0: 25, with lcm 4
  DreamSampler sampler = DreamSampler::Euler;
  std::optional<GuidanceRange> guidance;  // 1:3, with lcm 1
  double motion = 127;                    // 0 to 255: how much is to move
  int64_t fps = 7;                        // of the clip, and what the model is told
  double noise = 0.02;                    // on the photo before the model sees it
  // Of a video LDM: what the clip is to do, as in "turn,smile", from the model's own labels; empty: nothing is said.
  std::string labels;
  int64_t interpolate = -1;  // of a video LDM: how often three frames are set between two; -1: once where it can
  int64_t seed = 0;
  int64_t decode_chunk = 0;            // frames that are decoded at once; 0: as many as memory allows
  std::filesystem::path unet;          // weights in place of the model's UNet, as AnimateLCM's; empty: its own
  std::filesystem::path keep_latents;  // .safetensors: the clip before it is decoded, after every step; empty: none
  std::filesystem::path latents;       // what an earlier job kept, to go on from there; empty: from noise

  void describe(OptionVisitor& visitor);
  bool operator==(const DreamOptions&) const = default;
};

}  // namespace animate
