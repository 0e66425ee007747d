#include "engine/model_facts.h"

#include <torch/version.h>

#include "base/error.h"
#include "core/device.h"
#include "digest/sha256.h"

namespace animate::engine {

namespace {

ModelFacts describe_files(ModelFacts facts, const torch::Device& device, const catalog::FoundModel& found) {
  facts.device = core::describe_device(device);
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

// What info() of either kind of model tells.
template <typename Info>
ModelFacts named(const Info& info) {
  ModelFacts facts;
  facts.name = info.name;
  facts.family = info.family;
  facts.parameters = info.parameters;
  return facts;
}

}  // namespace

ModelFacts describe_model(const models::DrivenModel& model, const catalog::FoundModel& found) {
  return describe_files(named(model.info()), model.device(), found);
}

ModelFacts describe_model(const models::FaceCodec& codec, const catalog::FoundModel& found) {
  return describe_files(named(codec.info()), codec.device(), found);
}

ModelFacts describe_video_model(const std::string& name, int64_t parameters, const torch::Device& device,
                                const catalog::FoundModel& found) {
  ModelFacts facts;
  facts.name = name;
  facts.family = "video_diffusion";
  facts.parameters = parameters;
  return describe_files(std::move(facts), device, found);
}

}  // namespace animate::engine
