#include "catalog/model_family.h"

#include "base/error.h"
#include "checkpoint/checkpoint.h"

namespace animate::catalog {

std::string told_family(const FoundModel& model) {
  if (!model.parts.empty()) return "liveportrait";
  try {
    const checkpoint::Checkpoint weights = checkpoint::Checkpoint::open(model.weights);
    if (const auto stored = weights.metadata().find("family"); stored != weights.metadata().end()) {
      return stored->second;
    }
    if (!weights.scope("generator").empty() && !weights.scope("kp_detector").empty()) return "fomm";
    if (!weights.scope("spade_generator").empty() && !weights.scope("motion_extractor").empty()) return "liveportrait";
    return "unknown";
  } catch (const Error& error) {
    return fmt::format("unreadable: {}", error.what());
  }
}

}  // namespace animate::catalog
