#include "models/video_diffusion/config.h"

#include <algorithm>

#include "core/nn/norm_groups.h"
#include "models/yaml_config.h"

namespace animate::models::video_diffusion {
namespace {

constexpr const char* kFamily = "video diffusion";
constexpr int64_t kMostWidth = 1 << 14;

// A config file of diffusers: one flat map.
class Flat {
 public:
  Flat(const YAML::Node& root, std::string shown) : root_(root), shown_(std::move(shown)) {
    check(root.IsMap(), ErrorKind::Model, "{}: is no config of a {} model; give the config.json that came with it",
          shown_, kFamily);
  }

  int64_t whole(const std::string& key, int64_t low, int64_t high, int64_t fallback) const {
    const YAML::Node value = root_[key];
    if (!value.IsDefined() || value.IsNull()) return fallback;
    return in_range(key, value.as<int64_t>(), low, high);
  }

  double positive(const std::string& key, double fallback) const {
    const YAML::Node value = root_[key];
    if (!value.IsDefined() || value.IsNull()) return fallback;
    const auto number = value.as<double>();
    check(number > 0 && number < 1e6, ErrorKind::Model, "{}: '{}' is {}; it has to be positive", shown_, key, number);
    return number;
  }

  // A list, or one number that holds for every entry.
  std::vector<int64_t> wholes(const std::string& key, size_t count, const std::vector<int64_t>& fallback) const {
    const YAML::Node value = root_[key];
    std::vector<int64_t> list = fallback;
    if (value.IsDefined() && value.IsSequence()) {
      list = value.as<std::vector<int64_t>>();
    } else if (value.IsDefined() && !value.IsNull()) {
      list.assign(std::max<size_t>(count, 1), value.as<int64_t>());
    }
    for (const int64_t number : list) in_range(key, number, 1, kMostWidth);
    check(!list.empty() && (count == 0 || list.size() == count), ErrorKind::Model,
          "{}: '{}' has {} entries, which is not one a level; correct the config", shown_, key, list.size());
    return list;
  }

  std::vector<std::string> words(const std::string& key) const {
    const YAML::Node value = root_[key];
    return value.IsDefined() && value.IsSequence() ? value.as<std::vector<std::string>>() : std::vector<std::string>();
  }

  // What these networks have one form of only.
  void require(const std::string& key, const std::string& only) const {
    const YAML::Node value = root_[key];
    if (!value.IsDefined() || value.IsNull()) return;
    const auto word = value.IsScalar() ? value.as<std::string>() : std::string("a list");
    check(word == only, ErrorKind::Model, "{}: '{}' is {}, and this program computes {} only; give another model",
          shown_, key, word, only);
  }

  void refuse(const std::string& key, const std::string& word) const {
    fail(ErrorKind::Model, "{}: '{}' names {}, which is no block of Stable Video Diffusion; give another model", shown_,
         key, word);
  }

 private:
  int64_t in_range(const std::string& key, int64_t value, int64_t low, int64_t high) const {
    check(value >= low && value <= high, ErrorKind::Model, "{}: '{}' is {}; it has to be from {} to {}", shown_, key,
          value, low, high);
    return value;
  }

  YAML::Node root_;
  std::string shown_;
};

void check_groups(const std::vector<int64_t>& channels, const std::string& shown) {
  for (const int64_t width : channels) {
    check(width % core::nn::kNormGroups == 0, ErrorKind::Model,
          "{}: 'block_out_channels' holds {}, which is no multiple of {} norm groups; correct the config", shown, width,
          core::nn::kNormGroups);
  }
}

}  // namespace

UnetConfig UnetConfig::parse(const std::string& text, const std::string& shown) {
  return parse_yaml(text, shown, [&](const YAML::Node& root) {
    const Flat flat(root, shown);
    UnetConfig config;
    config.in_channels = flat.whole("in_channels", 1, 1024, config.in_channels);
    config.out_channels = flat.whole("out_channels", 1, 1024, config.out_channels);
    config.channels = flat.wholes("block_out_channels", 0, config.channels);
    check_groups(config.channels, shown);
    const size_t levels = config.channels.size();
    config.heads = flat.wholes("num_attention_heads", levels, config.heads);
    if (const auto blocks = flat.words("down_block_types"); !blocks.empty()) {
      config.attends.clear();
      for (const std::string& block : blocks) {
        const bool attends = block == "CrossAttnDownBlockSpatioTemporal";
        if (!attends && block != "DownBlockSpatioTemporal") flat.refuse("down_block_types", block);
        config.attends.push_back(attends);
      }
    }
    check(config.attends.size() == levels, ErrorKind::Model,
          "{}: 'down_block_types' has {} entries for {} levels; correct the config", shown, config.attends.size(),
          levels);
    for (size_t level = 0; level < levels; ++level) {
      check(config.channels[level] % config.heads[level] == 0, ErrorKind::Model,
            "{}: {} channels are no multiple of {} heads; correct the config", shown, config.channels[level],
            config.heads[level]);
    }
    config.layers = flat.whole("layers_per_block", 1, 16, config.layers);
    config.token_width = flat.whole("cross_attention_dim", 1, kMostWidth, config.token_width);
    config.id_width = flat.whole("addition_time_embed_dim", 2, kMostWidth, config.id_width);
    const int64_t ids_width =
        flat.whole("projection_class_embeddings_input_dim", 2, kMostWidth, config.ids * config.id_width);
    check(config.id_width % 2 == 0 && ids_width == config.ids * config.id_width, ErrorKind::Model,
          "{}: 'projection_class_embeddings_input_dim' is {}, which is not {} numbers of {}; correct the config", shown,
          ids_width, config.ids, config.id_width);
    config.frames = flat.whole("num_frames", 1, 1024, config.frames);
    flat.require("transformer_layers_per_block", "1");
    return config;
  });
}

VaeConfig VaeConfig::parse(const std::string& text, const std::string& shown) {
  return parse_yaml(text, shown, [&](const YAML::Node& root) {
    const Flat flat(root, shown);
    VaeConfig config;
    config.channels = flat.wholes("block_out_channels", 0, config.channels);
    check_groups(config.channels, shown);
    config.layers = flat.whole("layers_per_block", 1, 16, config.layers);
    config.latent_channels = flat.whole("latent_channels", 1, 1024, config.latent_channels);
    config.scaling = flat.positive("scaling_factor", config.scaling);
    flat.require("in_channels", "3");
    flat.require("out_channels", "3");
    for (const std::string& block : flat.words("down_block_types")) {
      if (block != "DownEncoderBlock2D") flat.refuse("down_block_types", block);
    }
    return config;
  });
}

ClipConfig ClipConfig::parse(const std::string& text, const std::string& shown) {
  return parse_yaml(text, shown, [&](const YAML::Node& root) {
    const Flat flat(root, shown);
    ClipConfig config;
    config.width = flat.whole("hidden_size", 1, kMostWidth, config.width);
    config.between = flat.whole("intermediate_size", 1, 4 * kMostWidth, config.between);
    config.layers = flat.whole("num_hidden_layers", 1, 256, config.layers);
    config.heads = flat.whole("num_attention_heads", 1, 1024, config.heads);
    config.side = flat.whole("image_size", 1, 4096, config.side);
    config.patch = flat.whole("patch_size", 1, config.side, config.patch);
    config.projection = flat.whole("projection_dim", 1, kMostWidth, config.projection);
    flat.require("hidden_act", "gelu");
    flat.require("num_channels", "3");
    check(config.width % config.heads == 0, ErrorKind::Model,
          "{}: {} channels are no multiple of {} heads; correct the config", shown, config.width, config.heads);
    return config;
  });
}

}  // namespace animate::models::video_diffusion
