#include "models/video_diffusion/weight_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace animate::models::video_diffusion {
namespace {

using Form = core::StoredArray::Form;

// A module's name, without a dot behind -> how the other program calls it.
using Modules = std::map<std::string, std::string>;
using Pair = std::pair<std::string_view, std::string_view>;

// The longest module that `name` lies in is renamed; the rest of the name stays.
std::string renamed(const Modules& modules, const std::string& name) {
  for (size_t dot = name.rfind('.'); dot != std::string::npos && dot > 0; dot = name.rfind('.', dot - 1)) {
    if (const auto found = modules.find(name.substr(0, dot)); found != modules.end()) {
      return found->second + name.substr(dot);
    }
  }
  return name;
}

void add(Modules& modules, const std::string& ours, const std::string& theirs, std::initializer_list<Pair> inside) {
  modules[ours] = theirs;
  for (const auto& [own, other] : inside) {
    modules[ours + "." + std::string(own)] = theirs + "." + std::string(other);
  }
}

std::string numbered(const std::string& before, int64_t number) { return before + "." + std::to_string(number); }

// What the temporal half of a residual block is called in both networks.
void add_time_stack(Modules& modules, const std::string& ours, const std::string& theirs) {
  add(modules, ours, theirs,
      {{"norm1", "in_layers.0"},
       {"conv1", "in_layers.2"},
       {"time_emb_proj", "emb_layers.1"},
       {"norm2", "out_layers.0"},
       {"conv2", "out_layers.3"}});
}

void add_unet_res(Modules& modules, const std::string& ours, const std::string& theirs) {
  add_time_stack(modules, ours + ".spatial_res_block", theirs);
  modules[ours + ".spatial_res_block.conv_shortcut"] = theirs + ".skip_connection";
  add_time_stack(modules, ours + ".temporal_res_block", theirs + ".time_stack");
  modules[ours + ".time_mixer"] = theirs + ".time_mixer";
}

void add_transformer(Modules& modules, const std::string& ours, const std::string& theirs) {
  add(modules, ours, theirs,
      {{"temporal_transformer_blocks", "time_stack"},
       {"time_pos_embed.linear_1", "time_pos_embed.0"},
       {"time_pos_embed.linear_2", "time_pos_embed.2"}});
}

// There all layers on the way down are counted through, convolutions between the levels included; so are those up,
// where the enlargement belongs to the layer before it.
Modules unet_modules(const UnetConfig& config) {
  const std::string root = "model.diffusion_model";
  Modules modules{{"conv_in", root + ".input_blocks.0.0"},
                  {"conv_norm_out", root + ".out.0"},
                  {"conv_out", root + ".out.2"},
                  {"time_embedding.linear_1", root + ".time_embed.0"},
                  {"time_embedding.linear_2", root + ".time_embed.2"},
                  {"add_embedding.linear_1", root + ".label_emb.0.0"},
                  {"add_embedding.linear_2", root + ".label_emb.0.2"}};
  const int64_t stride = config.layers + 1;
  for (int64_t i = 0; i < config.levels(); ++i) {
    const std::string down = numbered("down_blocks", i);
    const std::string up = numbered("up_blocks", i);
    for (int64_t layer = 0; layer <= config.layers; ++layer) {
      const std::string input = numbered(root + ".input_blocks", 1 + i * stride + layer);
      const std::string output = numbered(root + ".output_blocks", i * stride + layer);
      if (layer < config.layers) {
        add_unet_res(modules, numbered(down + ".resnets", layer), input + ".0");
        add_transformer(modules, numbered(down + ".attentions", layer), input + ".1");
      } else {
        modules[down + ".downsamplers.0.conv"] = input + ".0.op";
        const bool attends = config.attends[static_cast<size_t>(config.levels() - 1 - i)];
        modules[up + ".upsamplers.0.conv"] = output + (attends ? ".2.conv" : ".1.conv");
      }
      add_unet_res(modules, numbered(up + ".resnets", layer), output + ".0");
      add_transformer(modules, numbered(up + ".attentions", layer), output + ".1");
    }
  }
  add_unet_res(modules, "mid_block.resnets.0", root + ".middle_block.0");
  add_transformer(modules, "mid_block.attentions.0", root + ".middle_block.1");
  add_unet_res(modules, "mid_block.resnets.1", root + ".middle_block.2");
  return modules;
}

// The mixing factor of a decoder's block stands in the block itself there.
void add_decoder_res(Modules& modules, const std::string& ours, const std::string& theirs) {
  modules[ours + ".spatial_res_block"] = theirs;
  modules[ours + ".spatial_res_block.conv_shortcut"] = theirs + ".nin_shortcut";
  add_time_stack(modules, ours + ".temporal_res_block", theirs + ".time_stack");
  modules[ours + ".time_mixer"] = theirs;
}

void add_encoder_res(Modules& modules, const std::string& ours, const std::string& theirs) {
  add(modules, ours, theirs, {{"conv_shortcut", "nin_shortcut"}});
}

void add_vae_attention(Modules& modules, const std::string& ours, const std::string& theirs) {
  add(modules, ours, theirs,
      {{"group_norm", "norm"}, {"to_q", "q"}, {"to_k", "k"}, {"to_v", "v"}, {"to_out.0", "proj_out"}});
}

// The picture's latents come from the conditioner's own copy of the encoder, which the file nests twice; the first
// stage's copy is another one. Levels up are numbered from the finest one there.
Modules vae_modules(const VaeConfig& config) {
  const std::string encoder = "conditioner.embedders.3.encoder.encoder";
  const std::string decoder = "first_stage_model.decoder";
  Modules modules{{"encoder", encoder},
                  {"encoder.conv_norm_out", encoder + ".norm_out"},
                  {"quant_conv", "conditioner.embedders.3.encoder.quant_conv"},
                  {"decoder", decoder},
                  {"decoder.conv_norm_out", decoder + ".norm_out"},
                  {"decoder.time_conv_out", decoder + ".conv_out.time_mix_conv"}};
  const auto levels = static_cast<int64_t>(config.channels.size());
  for (int64_t i = 0; i < levels; ++i) {
    const std::string down = numbered("encoder.down_blocks", i);
    const std::string theirs = numbered(encoder + ".down", i);
    for (int64_t layer = 0; layer < config.layers; ++layer) {
      add_encoder_res(modules, numbered(down + ".resnets", layer), numbered(theirs + ".block", layer));
    }
    modules[down + ".downsamplers.0"] = theirs + ".downsample";
    const std::string up = numbered("decoder.up_blocks", i);
    const std::string their_up = numbered(decoder + ".up", levels - 1 - i);
    for (int64_t layer = 0; layer <= config.layers; ++layer) {
      add_decoder_res(modules, numbered(up + ".resnets", layer), numbered(their_up + ".block", layer));
    }
    modules[up + ".upsamplers.0"] = their_up + ".upsample";
  }
  for (int64_t block = 0; block < 2; ++block) {
    const std::string their_block = ".mid.block_" + std::to_string(block + 1);
    add_encoder_res(modules, numbered("encoder.mid_block.resnets", block), encoder + their_block);
    add_decoder_res(modules, numbered("decoder.mid_block.resnets", block), decoder + their_block);
  }
  add_vae_attention(modules, "encoder.mid_block.attentions.0", encoder + ".mid.attn_1");
  add_vae_attention(modules, "decoder.mid_block.attentions.0", decoder + ".mid.attn_1");
  return modules;
}

constexpr const char* kOpenClipVisual = "conditioner.embedders.0.open_clip.model.visual";

Modules clip_modules(const ClipConfig& config) {
  const std::string root = kOpenClipVisual;
  Modules modules;
  add(modules, "vision_model", root, {{"pre_layrnorm", "ln_pre"}, {"post_layernorm", "ln_post"}});
  modules["vision_model.embeddings"] = root;
  modules["vision_model.embeddings.patch_embedding"] = root + ".conv1";
  for (int64_t i = 0; i < config.layers; ++i) {
    add(modules, numbered("vision_model.encoder.layers", i), numbered(root + ".transformer.resblocks", i),
        {{"layer_norm1", "ln_1"},
         {"layer_norm2", "ln_2"},
         {"mlp.fc1", "mlp.c_fc"},
         {"mlp.fc2", "mlp.c_proj"},
         {"self_attn", "attn"}});
  }
  return modules;
}

// Queries, keys and values of a layer are one matrix there, one below the other.
core::StoredArray clip_name(const Modules& modules, const std::string& name) {
  if (name == "visual_projection.weight") return {std::string(kOpenClipVisual) + ".proj", Form::Transposed};
  if (name == "vision_model.embeddings.position_embedding.weight") {
    return {std::string(kOpenClipVisual) + ".positional_embedding", Form::AsIs};
  }
  constexpr auto thirds = std::to_array<std::pair<std::string_view, Form>>(
      {{".q_proj.", Form::FirstThird}, {".k_proj.", Form::MiddleThird}, {".v_proj.", Form::LastThird}});
  for (const auto& [part, form] : thirds) {
    const size_t at = name.find(part);
    if (at == std::string::npos) continue;
    const std::string layer = renamed(modules, name.substr(0, at) + ".in_proj");
    return {layer + "_" + name.substr(at + part.size()), form};
  }
  return {renamed(modules, name), Form::AsIs};
}

bool is_matrix_of_attention(const std::string& name) {
  return name.ends_with(".weight") && name.find("_block.attentions.0.to_") != std::string::npos;
}

}  // namespace

core::StoredArray own_name(const std::string& name) { return {name, Form::AsIs}; }

core::NameTable single_file_names(const UnetConfig& config) {
  return [modules = unet_modules(config)](const std::string& name) {
    return core::StoredArray{renamed(modules, name), Form::AsIs};
  };
}

core::NameTable single_file_names(const VaeConfig& config) {
  return [modules = vae_modules(config)](const std::string& name) {
    // Its attention is made of convolutions of one pixel.
    return core::StoredArray{renamed(modules, name), is_matrix_of_attention(name) ? Form::Pixelwise : Form::AsIs};
  };
}

core::NameTable single_file_names(const ClipConfig& config) {
  return [modules = clip_modules(config)](const std::string& name) { return clip_name(modules, name); };
}

bool is_unused(const std::string& single_file_name) {
  constexpr auto unused = std::to_array<std::string_view>({
      "first_stage_model.encoder.",
      "conditioner.embedders.3.encoder.decoder.",
      "conditioner.embedders.3.encoder.post_quant_conv.",
      "conditioner.embedders.0.open_clip.model.positional_embedding",
      "conditioner.embedders.0.open_clip.model.text_projection",
      "conditioner.embedders.0.open_clip.model.logit_scale",
      "conditioner.embedders.0.open_clip.model.token_embedding.",
      "conditioner.embedders.0.open_clip.model.ln_final.",
  });
  return std::any_of(unused.begin(), unused.end(),
                     [&](std::string_view prefix) { return single_file_name.starts_with(prefix); });
}

std::span<const std::string_view> used_prefixes() {
  static constexpr auto used = std::to_array<std::string_view>({
      "model.diffusion_model",
      "first_stage_model.decoder",
      "conditioner.embedders.3.encoder.encoder",
      "conditioner.embedders.3.encoder.quant_conv",
      "conditioner.embedders.0.open_clip.model.visual",
  });
  return used;
}

bool is_position_list(const std::string& name) { return name.ends_with(".position_ids"); }

}  // namespace animate::models::video_diffusion
