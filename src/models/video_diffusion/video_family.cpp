#include "models/video_diffusion/video_family.h"

#include "models/video_diffusion/packed_weights.h"
#include "models/video_diffusion/video_weights.h"
#include "models/video_diffusion/weight_names.h"

namespace animate::models::video_diffusion {

bool matches(const ModelFiles& files) {
  if (!files.weights) return files.parts.contains("unet") && files.parts.contains("image_encoder");
  return is_packed(*files.weights) || is_single_file(*files.weights);
}

PackedModel pack(const ModelFiles& files) {
  const VideoWeights fitting = VideoWeights::open(files.location);
  PackedModel packed;
  if (!files.weights) {
    for (const auto& [network, file] : files.parts) {
      packed.scopes.emplace(network, file.scope(""));
      packed.metadata[config_key(network)] = config_text(files.location / network);
    }
    return packed;
  }
  if (is_packed(*files.weights)) {
    for (const std::string_view network : catalog::kVideoNetworks) {
      packed.scopes.emplace(network, files.weights->scope(std::string(network)));
      packed.metadata[config_key(network)] = packed_config(*files.weights, network);
    }
    return packed;
  }
  for (const std::string_view prefix : used_prefixes()) {
    packed.scopes.emplace(prefix, files.weights->scope(std::string(prefix)));
  }
  return packed;
}

}  // namespace animate::models::video_diffusion
