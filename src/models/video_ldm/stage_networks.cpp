#include "models/video_ldm/stage_networks.h"

#include <array>

#include "core/nn/layers.h"

namespace animate::models::video_ldm {
namespace {

bool contains(const std::string& name, std::string_view part) { return name.find(part) != std::string::npos; }

bool is_context(const std::string& name) { return contains(name, "context_"); }

// The last layers of branches that are added to what they branched off from.
bool ends_branch(const std::string& name) {
  static constexpr auto ends =
      std::to_array<std::string_view>({"temporal_res_block.conv2.", "ff_in.net.2.", "ff.net.2.", "to_out.0.",
                                       "time_pos_embed.linear_2.", "context_proj."});
  for (const std::string_view end : ends) {
    if (contains(name, end)) return true;
  }
  return false;
}

// Random numbers where `chosen` says so, as LibTorch's layers begin.
template <typename Chosen>
void begin_anew(video_diffusion::VideoUnetImpl& unet, uint64_t seed, const Chosen& chosen) {
  const torch::NoGradGuard no_grad;
  video_diffusion::VideoUnet fresh(unet.config());
  core::nn::fill_randomly(*fresh, seed);
  const auto numbers = fresh->named_parameters();
  for (auto& item : unet.named_parameters()) {
    if (!chosen(item.key())) continue;
    if (ends_branch(item.key())) {
      item.value().zero_();
    } else {
      item.value().copy_(numbers[item.key()]);
    }
  }
}

}  // namespace

std::optional<Stage> stage_of(const checkpoint::Checkpoint& file) {
  for (const Stage stage : {Stage::Interpolation, Stage::Prediction, Stage::Temporal, Stage::Image}) {
    if (file.scope(std::string(word_of(stage))).contains("conv_in.weight")) return stage;
  }
  if (file.scope(kAutoencoderScope).contains("encoding.encoder.conv_in.weight")) return Stage::Autoencoder;
  return std::nullopt;
}

bool is_temporal(const std::string& name) {
  return contains(name, "temporal_") || contains(name, "time_mixer.") || contains(name, "time_pos_embed.") ||
         is_context(name);
}

void begin_as_images(video_diffusion::VideoUnetImpl& unet, uint64_t seed) { begin_anew(unet, seed, is_temporal); }

void begin_without_context(video_diffusion::VideoUnetImpl& unet, uint64_t seed) { begin_anew(unet, seed, is_context); }

}  // namespace animate::models::video_ldm
