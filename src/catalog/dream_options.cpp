#include "animate/dream_options.h"

#include <charconv>

#include "base/error.h"

namespace animate {
namespace {

constexpr double kStrongest = 30;

std::optional<double> strength(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !(number >= 0 && number <= kStrongest)) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

GuidanceRange GuidanceRange::parse(std::string_view text) {
  const size_t colon = text.find(':');
  const auto first = strength(text.substr(0, colon));
  const auto last = colon == std::string_view::npos ? first : strength(text.substr(colon + 1));
  check(first && last, ErrorKind::Usage,
        "--guidance {}: is no strength; give a number from 0 to {}, or first:last as in 1:3", show(text), kStrongest);
  return {*first, *last};
}

std::string GuidanceRange::text() const {
  return first == last ? fmt::format("{}", first) : fmt::format("{}:{}", first, last);
}

void DreamOptions::describe(OptionVisitor& visitor) {
  visitor.integer("frames", frames, 0, 1024, "frames of one run of the model; 0: as many as it was trained on");
  visitor.integer(
      "length", length, 0, 100000,
      "frames of the whole clip; where one run is shorter, the next one starts from its last frame; 0: one run");
  visitor.integer(
      "width", width, 0, 8192,
      "of the clip in pixels, a multiple of 8; 0: the photo's shape with as many pixels as the model knows");
  visitor.integer("height", height, 0, 8192, "the same");
  visitor.choice("fit", fit, "a photo of another shape: its middle, black beside it, or distorted");
  visitor.integer("steps", steps, 0, 1000, "from noise to the clip; 0: 25, with lcm 4");
  visitor.choice("sampler", sampler, "how a step is done; lcm: for weights that were distilled for it");
  visitor.text("guidance", guidance, "FIRST:LAST",
               "how strongly frames follow the photo, from the first to the last; default 1:3, with lcm 1");
  visitor.number("motion", motion, 0, 255, "how much is to move");
  visitor.integer("fps", fps, 1, 120, "frames a second of the clip, which the model is told, too");
  visitor.number("noise", noise, 0, 10, "on the photo before the model sees it: more lets it stray further");
  visitor.text("labels", labels, "LABELS",
               "what the clip is to do, as in turn,smile; for a video LDM, which knows some");
  visitor.integer("interpolate", interpolate, -1, 2,
                  "how often three frames are set between two, for a video LDM; -1: once where the model can");
  visitor.integer("seed", seed, 0, 1LL << 53, "another clip with every number; the same with the same");
  visitor.integer("decode-chunk", decode_chunk, 0, 1024,
                  "frames that are decoded at once, which changes them a little; 0: as many as memory allows");
  visitor.text("unet", unet, "FILE", "weights in place of the model's UNet, as AnimateLCM's");
  visitor.text("keep-latents", keep_latents, "FILE.safetensors",
               "also keep the clip as it is before it is decoded, after every step");
  visitor.text("latents", latents, "FILE.safetensors",
               "go on from what --keep-latents kept: the steps that are left, then decoding");
}

}  // namespace animate
