#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace animate::models::video_diffusion {

// What the networks are built with, under the meanings of the published config files
// (models/video_diffusion/README.md#configs). Every parse() takes the text of such a file, JSON or YAML, and `shown`,
// its name in messages; what is absent is as below. Throws Error(Model) naming file and key for what is out of range,
// or is a form that these networks do not have.

struct UnetConfig {
  int64_t in_channels = 8;  // noisy latents and the picture's
  int64_t out_channels = 4;
  std::vector<int64_t> channels{320, 640, 1280, 1280};  // of the levels, the finest first; multiples of 32
  std::vector<int64_t> heads{5, 10, 20, 20};            // of their attention
  std::vector<bool> attends{true, true, true, false};   // whether the levels have attention
  int64_t layers = 2;                                   // of a level down; one more up
  int64_t token_width = 1024;
  int64_t id_width = 256;  // of the wave of each added number
  int64_t ids = 3;
  int64_t frames = 14;  // that the model was trained on
  // Of our own networks (models/video_ldm/README.md); no published config says these.
  int64_t groups = 32;        // of every norm; every level's channels are a multiple
  bool temporal = true;       // whether there are temporal halves; without, frames are images of their own
  int64_t context_width = 0;  // channels of what temporal halves are shown of frames that are known; 0: nothing

  int64_t levels() const { return static_cast<int64_t>(channels.size()); }
  static UnetConfig parse(const std::string& text, const std::string& shown);
};

struct VaeConfig {
  std::vector<int64_t> channels{128, 256, 512, 512};  // the finest level first; multiples of 32
  int64_t layers = 2;                                 // of a level of the encoder; one more in the decoder
  int64_t latent_channels = 4;
  double scaling = 0.18215;  // latents are multiplied by it for the UNet
  int64_t groups = 32;       // as in UnetConfig, for our own networks
  bool temporal = true;      // of the decoder

  // Pixels of a latent's side.
  int64_t factor() const { return int64_t{1} << (channels.size() - 1); }
  static VaeConfig parse(const std::string& text, const std::string& shown);
};

struct ClipConfig {
  int64_t width = 1280;
  int64_t between = 5120;  // of the feed-forward layers
  int64_t layers = 32;
  int64_t heads = 16;
  int64_t side = 224;  // of its pictures, in pixels
  int64_t patch = 14;
  int64_t projection = 1024;

  static ClipConfig parse(const std::string& text, const std::string& shown);
};

}  // namespace animate::models::video_diffusion
