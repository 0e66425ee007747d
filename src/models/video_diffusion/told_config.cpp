#include "models/video_diffusion/told_config.h"

#include <cmath>

#include "base/error.h"
#include "core/nn/norm_groups.h"

namespace animate::models::video_diffusion {
namespace {

using checkpoint::Checkpoint;

constexpr const char* kUnet = "model.diffusion_model.";
constexpr const char* kEncoder = "conditioner.embedders.3.encoder.encoder.";
constexpr const char* kVisual = "conditioner.embedders.0.open_clip.model.visual.";

constexpr int64_t kUnetHeadWidth = 64;
constexpr int64_t kClipHeadWidth = 80;

// No real file comes near these.
constexpr int64_t kMostLevels = 16;
constexpr int64_t kMostLayers = 256;

int64_t size(const Checkpoint& file, const std::string& name, size_t axis) {
  const auto& shape = file.info(name).shape;
  check(axis < shape.size(), ErrorKind::Model, "{}: '{}' has {} axes; give the weights of an image-to-video model",
        file.name(), name, shape.size());
  return shape[axis];
}

// How many of prefix0suffix, prefix1suffix … there are.
int64_t count(const Checkpoint& file, const std::string& prefix, const std::string& suffix, int64_t most) {
  int64_t found = 0;
  while (found < most && file.contains(prefix + std::to_string(found) + suffix)) ++found;
  return found;
}

int64_t heads_of(int64_t width, int64_t head_width) { return width % head_width == 0 ? width / head_width : 1; }

UnetConfig told_unet(const Checkpoint& file) {
  const std::string root = kUnet;
  const std::string inputs = root + "input_blocks.";
  UnetConfig config;
  config.in_channels = size(file, inputs + "0.0.weight", 1);
  config.out_channels = size(file, root + "out.2.weight", 0);
  config.channels.clear();
  config.heads.clear();
  config.attends.clear();
  // A level's layers, and the convolution behind them in all levels but the last.
  config.layers = 0;
  int64_t layers = 0;
  for (int64_t i = 1; i < kMostLayers && file.contains(inputs + std::to_string(i) + ".0.in_layers.2.weight"); ++i) {
    const std::string block = inputs + std::to_string(i);
    if (layers == 0) {
      const int64_t width = size(file, block + ".0.in_layers.2.weight", 0);
      config.channels.push_back(width);
      config.heads.push_back(heads_of(width, kUnetHeadWidth));
      config.attends.push_back(file.contains(block + ".1.norm.weight"));
    }
    config.layers = std::max(config.layers, ++layers);
    if (file.contains(inputs + std::to_string(i + 1) + ".0.op.weight")) {
      layers = 0;
      ++i;
    }
  }
  config.token_width = size(file, root + "middle_block.1.transformer_blocks.0.attn2.to_k.weight", 1);
  config.id_width = size(file, root + "label_emb.0.0.weight", 1) / config.ids;
  return config;
}

VaeConfig told_vae(const Checkpoint& file) {
  const std::string root = kEncoder;
  VaeConfig config;
  config.channels.clear();
  const int64_t levels = count(file, root + "down.", ".block.0.conv1.weight", kMostLevels);
  for (int64_t i = 0; i < levels; ++i) {
    config.channels.push_back(size(file, root + "down." + std::to_string(i) + ".block.0.conv1.weight", 0));
  }
  config.layers = count(file, root + "down.0.block.", ".conv1.weight", kMostLayers);
  config.latent_channels = size(file, "first_stage_model.decoder.conv_in.weight", 1);
  return config;
}

ClipConfig told_clip(const Checkpoint& file) {
  const std::string root = kVisual;
  ClipConfig config;
  config.width = size(file, root + "class_embedding", 0);
  config.patch = size(file, root + "conv1.weight", 2);
  const int64_t patches = size(file, root + "positional_embedding", 0) - 1;
  config.side = config.patch * std::llround(std::sqrt(static_cast<double>(std::max<int64_t>(patches, 0))));
  config.layers = count(file, root + "transformer.resblocks.", ".ln_1.weight", kMostLayers);
  config.between = size(file, root + "transformer.resblocks.0.mlp.c_fc.weight", 0);
  config.projection = size(file, root + "proj", 1);
  config.heads = heads_of(config.width, kClipHeadWidth);
  return config;
}

void check_widths(const Checkpoint& file, const std::vector<int64_t>& channels) {
  bool right = !channels.empty();
  for (const int64_t width : channels) right = right && width > 0 && width % core::nn::kNormGroups == 0;
  check(right, ErrorKind::Model, "{}: has no levels of whole norm groups; give the weights of an image-to-video model",
        file.name());
}

}  // namespace

bool is_single_file(const Checkpoint& file) {
  return file.contains(std::string(kUnet) + "input_blocks.0.0.weight") &&
         file.contains(std::string(kUnet) + "label_emb.0.0.weight") &&
         file.contains(std::string(kUnet) + "middle_block.1.time_stack.0.norm_in.weight");
}

Configs told_configs(const Checkpoint& file) {
  check(is_single_file(file), ErrorKind::Model,
        "{}: holds no UNet of an image-to-video model; give Stable Video Diffusion's single file or its folder",
        file.name());
  Configs configs{told_unet(file), told_vae(file), told_clip(file)};
  check_widths(file, configs.unet.channels);
  check_widths(file, configs.vae.channels);
  return configs;
}

}  // namespace animate::models::video_diffusion
