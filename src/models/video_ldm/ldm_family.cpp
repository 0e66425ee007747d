#include "models/video_ldm/ldm_family.h"

#include "base/error.h"
#include "models/video_ldm/stage_networks.h"

namespace animate::models::video_ldm {

bool matches(const ModelFiles& files) { return files.weights && stage_of(*files.weights).has_value(); }

PackedModel pack(const ModelFiles& files) {
  const checkpoint::Checkpoint& weights = *files.weights;
  const auto config = weights.metadata().find("config");
  check(config != weights.metadata().end(), ErrorKind::Model,
        "{}: holds no config; give the model.safetensors that training wrote", weights.name());
  LdmConfig::parse(config->second, weights.name());
  PackedModel packed;
  for (const std::string_view scope : kStages) {
    const auto arrays = weights.scope(std::string(scope));
    if (!arrays.empty()) packed.scopes.emplace(scope, arrays);
  }
  packed.metadata = weights.metadata();
  return packed;
}

}  // namespace animate::models::video_ldm
