#include "catalog/model_family.h"

#include "base/error.h"
#include "checkpoint/checkpoint.h"

namespace animate::catalog {

std::string told_family(const FoundModel& model) {
  if (!model.family.empty()) return model.family;
  try {
    const checkpoint::Checkpoint weights = checkpoint::Checkpoint::open(model.weights);
    if (const auto stored = weights.metadata().find("family"); stored != weights.metadata().end()) {
      return stored->second;
    }
    if (!weights.scope("generator").empty() && !weights.scope("kp_detector").empty()) return "fomm";
    if (!weights.scope("spade_generator").empty() && !weights.scope("motion_extractor").empty()) return "liveportrait";
    // Layers over time in an image model's names: the single file that such models are published as.
    if (weights.contains("model.diffusion_model.middle_block.1.time_stack.0.norm_in.weight")) return "video_diffusion";
    for (const char* decoder : {"decoder", ""}) {
      const auto scope = weights.scope(decoder);
      // 4x4 kernels to three channels: a shape that no other known family has under such names.
      const bool last = scope.contains("12.weight") && scope.contains("12.bias") && scope.contains("0.weight");
      if (last && scope.info("12.weight").shape.size() == 4 && scope.info("12.weight").shape[1] == 3) {
        return "autoencoder";
      }
    }
    return "unknown";
  } catch (const Error& error) {
    return fmt::format("unreadable: {}", error.what());
  }
}

}  // namespace animate::catalog
