#include "models/video_diffusion/clip_cost.h"

#include <algorithm>

#include "core/renamed_weights.h"
#include "models/video_diffusion/clip_vision.h"
#include "models/video_diffusion/unet.h"
#include "models/video_diffusion/vae_decoder.h"
#include "models/video_diffusion/vae_encoder.h"
#include "models/video_diffusion/weight_names.h"

namespace animate::models::video_diffusion {
namespace {

constexpr double kFloat = 4;  // bytes

// Buffers of the libraries that multiply and convolve, reordered weights, blocks of attention and gated layers:
// measured.
constexpr double kWork = 0.3e9;
// The program, its libraries and the photo.
constexpr double kProgram = 0.2e9;

double number(int64_t count) { return static_cast<double>(count); }

// Rows that a layer works on: pixels of a map, times frames.
struct Rows {
  double pixels = 0;
  double frames = 0;
  double all() const { return pixels * frames; }
};

// Products of a matrix [in, out] with rows.
double product(int64_t in, int64_t out, double rows) { return 2 * number(in) * number(out) * rows; }

Flop res_block_flop(int64_t in, int64_t out, const Rows& rows, bool temporal) {
  Flop flop;
  flop.convolutions = 9 * (product(in, out, rows.all()) + product(out, out, rows.all()));
  if (in != out) flop.convolutions += product(in, out, rows.all());
  if (temporal) flop.time = 2 * 3 * product(out, out, rows.all());
  return flop;
}

// Of attention: queries, keys, values, output, and both products with every other row.
Flop attention_flop(int64_t channels, double sequences, double length) {
  Flop flop;
  flop.linear = 4 * product(channels, channels, sequences * length);
  flop.attention = 4 * length * length * number(channels) * sequences;
  return flop;
}

Flop transformer_flop(int64_t channels, const Rows& rows) {
  const double gated = product(channels, 8 * channels, rows.all()) + product(4 * channels, channels, rows.all());
  Flop flop;
  flop.linear = 2 * product(channels, channels, rows.all()) + 3 * gated;  // in and out; ff, ff_in, ff
  flop += attention_flop(channels, rows.frames, rows.pixels);
  flop += attention_flop(channels, rows.pixels, rows.frames);
  return flop;
}

Flop convolution_flop(int64_t in, int64_t out, const Rows& rows) {
  Flop flop;
  flop.convolutions = 9 * product(in, out, rows.all());
  return flop;
}

// Pixels of the latents on each level of the UNet: halved, rounded up.
std::vector<double> level_pixels(const Configs& configs, const ClipSize& size) {
  int64_t height = size.height / configs.vae.factor();
  int64_t width = size.width / configs.vae.factor();
  std::vector<double> pixels;
  for (size_t level = 0; level < configs.unet.channels.size(); ++level) {
    pixels.push_back(number(height) * number(width));
    height = (height + 1) / 2;
    width = (width + 1) / 2;
  }
  return pixels;
}

double weights_of(const torch::nn::Module& network) {
  double numbers = 0;
  for (const auto& parameter : network.parameters()) numbers += number(parameter.numel());
  return numbers * kFloat;
}

}  // namespace

Flop& Flop::operator+=(const Flop& other) {
  convolutions += other.convolutions;
  time += other.time;
  linear += other.linear;
  attention += other.attention;
  return *this;
}

Flop unet_flop(const Configs& configs, const ClipSize& size) {
  const UnetConfig& unet = configs.unet;
  const auto pixels = level_pixels(configs, size);
  const size_t levels = unet.channels.size();
  const auto rows = [&](size_t level) { return Rows{pixels[level], number(size.frames)}; };
  Flop all = convolution_flop(unet.in_channels, unet.channels.front(), rows(0));
  const auto layer = [&](int64_t in, size_t level) {
    all += res_block_flop(in, unet.channels[level], rows(level), true);
    if (unet.attends[level]) all += transformer_flop(unet.channels[level], rows(level));
  };
  std::vector<int64_t> kept{unet.channels.front()};
  int64_t in = unet.channels.front();
  for (size_t level = 0; level < levels; ++level) {
    for (int64_t i = 0; i < unet.layers; ++i) {
      layer(in, level);
      in = unet.channels[level];
      kept.push_back(in);
    }
    if (level + 1 == levels) break;
    all += convolution_flop(in, in, rows(level + 1));
    kept.push_back(in);
  }
  all += res_block_flop(in, in, rows(levels - 1), true);
  all += transformer_flop(in, rows(levels - 1));
  all += res_block_flop(in, in, rows(levels - 1), true);
  for (size_t level = levels; level-- > 0;) {
    for (int64_t i = 0; i <= unet.layers; ++i) {
      layer(in + kept.back(), level);
      kept.pop_back();
      in = unet.channels[level];
    }
    if (level > 0) all += convolution_flop(in, in, rows(level - 1));
  }
  all += convolution_flop(in, unet.out_channels, rows(0));
  return all;
}

Flop encoder_flop(const Configs& configs, const ClipSize& size) {
  const VaeConfig& vae = configs.vae;
  Rows rows{number(size.height) * number(size.width), 1};
  Flop all = convolution_flop(3, vae.channels.front(), rows);
  int64_t in = vae.channels.front();
  for (size_t level = 0; level < vae.channels.size(); ++level) {
    for (int64_t i = 0; i < vae.layers; ++i) {
      all += res_block_flop(in, vae.channels[level], rows, false);
      in = vae.channels[level];
    }
    if (level + 1 == vae.channels.size()) break;
    rows.pixels /= 4;
    all += convolution_flop(in, in, rows);
  }
  for (int block = 0; block < 2; ++block) all += res_block_flop(in, in, rows, false);
  all += attention_flop(in, 1, rows.pixels);
  all += convolution_flop(in, 2 * vae.latent_channels, rows);
  return all;
}

Flop decoder_flop(const Configs& configs, const ClipSize& size) {
  const VaeConfig& vae = configs.vae;
  const double factor = number(vae.factor());
  Rows rows{number(size.height) * number(size.width) / (factor * factor), number(size.frames)};
  int64_t in = vae.channels.back();
  Flop all = convolution_flop(vae.latent_channels, in, rows);
  for (int block = 0; block < 2; ++block) all += res_block_flop(in, in, rows, true);
  all += attention_flop(in, rows.frames, rows.pixels);
  for (size_t level = vae.channels.size(); level-- > 0;) {
    for (int64_t i = 0; i <= vae.layers; ++i) {
      all += res_block_flop(in, vae.channels[level], rows, true);
      in = vae.channels[level];
    }
    if (level == 0) break;
    rows.pixels *= 4;
    all += convolution_flop(in, in, rows);
  }
  all += convolution_flop(in, 3, rows);
  return all;
}

Flop clip_flop(const Configs& configs) {
  const ClipConfig& clip = configs.clip;
  const double patches = number(clip.side / clip.patch) * number(clip.side / clip.patch);
  Flop layer = attention_flop(clip.width, 1, patches + 1);
  layer.linear += 2 * product(clip.width, clip.between, patches + 1);
  Flop all;
  all.convolutions = product(3 * clip.patch * clip.patch, clip.width, patches);
  for (int64_t i = 0; i < clip.layers; ++i) all += layer;
  return all;
}

// At most there is: on the way up at the finest level, where the maps kept from the way down, a layer's joined input,
// the same normalised, and the output of its first convolution lie side by side.
Memory unet_memory(const Configs& configs, const ClipSize& size) {
  const UnetConfig& unet = configs.unet;
  const double pixel_bytes = level_pixels(configs, size).front() * number(size.frames) * kFloat;
  const int64_t finest = unet.channels.front();
  const int64_t above = unet.channels[std::min<size_t>(1, unet.channels.size() - 1)];
  const int64_t joined = above + finest;
  const int64_t kept = unet.layers * finest;
  return {weights_of(*VideoUnet(unet)), kWork + pixel_bytes * number(kept + 2 * joined + finest)};
}

// The finest level: a block's input, the same normalised, its first convolution's output, and what is added at last.
Memory encoder_memory(const Configs& configs, const ClipSize& size) {
  const double pixel_bytes = number(size.height) * number(size.width) * kFloat;
  return {weights_of(*VaeEncoder(configs.vae)), pixel_bytes * number(4 * configs.vae.channels.front())};
}

// The finest level's first block, which has the channels of the level before.
Memory decoder_memory(const Configs& configs, const ClipSize& size, int64_t chunk) {
  const VaeConfig& vae = configs.vae;
  const double pixel_bytes = number(size.height) * number(size.width) * number(chunk) * kFloat;
  const int64_t finest = vae.channels.front();
  const int64_t before = vae.channels[std::min<size_t>(1, vae.channels.size() - 1)];
  return {weights_of(*VaeDecoder(vae)), kWork + pixel_bytes * number(2 * before + 2 * finest)};
}

Memory clip_memory(const Configs& configs) {
  const ClipConfig& clip = configs.clip;
  const double patches = number(clip.side / clip.patch) * number(clip.side / clip.patch);
  return {weights_of(*ClipVision(clip)), patches * kFloat * number(clip.between + 6 * clip.width)};
}

double peak_memory(const Configs& configs, const ClipSize& size, int64_t chunk) {
  return kProgram + std::max({unet_memory(configs, size).sum(), encoder_memory(configs, size).sum(),
                              decoder_memory(configs, size, chunk).sum(), clip_memory(configs).sum()});
}

int64_t chunk_within(const Configs& configs, const ClipSize& size, double bytes) {
  const Memory one = decoder_memory(configs, size, 1);
  const double fit = (bytes - one.weights - kWork) / (one.maps - kWork);
  return std::clamp<int64_t>(static_cast<int64_t>(std::max(fit, 1.0)), 1, size.frames);
}

}  // namespace animate::models::video_diffusion
