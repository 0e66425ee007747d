#include "engine/model_facts.h"

#include <torch/version.h>

#include "base/error.h"
#include "core/device.h"
#include "digest/sha256.h"

namespace animate::engine {

ModelFacts describe_model(const models::DrivenModel& model, const catalog::FoundModel& found) {
  ModelFacts facts;
  facts.name = model.info().name;
  facts.family = model.info().family;
  facts.parameters = model.info().parameters;
  facts.device = core::describe_device(model.device());
  facts.torch_version = TORCH_VERSION;
  const auto add = [&facts](const std::string& role, const std::filesystem::path& path) {
    if (path.empty()) return;
    facts.files.push_back(
        {role, path, static_cast<int64_t>(std::filesystem::file_size(path)), digest::sha256_of(path)});
  };
  add("weights", found.weights);
  for (const auto& [network, path] : found.parts) add(network, path);
  if (facts.files.size() == 1) facts.sha256 = facts.files.front().sha256;
  if (facts.files.size() > 1) {
    std::string lines;
    for (const ModelFile& file : facts.files) lines += file.sha256 + "  " + file.role + "\n";
    facts.sha256 = digest::sha256_of_text(lines);
  }
  add("config", found.config);
  add("detector", found.faces.detector);
  add("landmarks106", found.faces.landmarks106);
  add("landmarks203", found.faces.landmarks203);
  return facts;
}

}  // namespace animate::engine
