#include "models/registry.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "models/fomm/fomm_bench.h"
#include "models/fomm/fomm_model.h"
#include "models/identity/identity_model.h"
#include "models/liveportrait/liveportrait_bench.h"
#include "models/liveportrait/liveportrait_model.h"
#include "models/yaml_config.h"

namespace animate {
namespace {

constexpr auto kFamilies = std::to_array<ModelFamily>({
    {"fomm", "First Order Motion Model: keypoints with local affine frames", fomm::FommModel::matches,
     fomm::FommModel::load, fomm::pack, fomm::bench_subject},
    {"liveportrait", "LivePortrait: implicit 3-D keypoints, stitching, retargeting",
     liveportrait::LivePortraitModel::matches, liveportrait::LivePortraitModel::load, liveportrait::pack,
     liveportrait::bench_subject},
    {"identity", "echoes the driving frame; no weights, for tests", IdentityModel::matches, IdentityModel::load,
     nullptr, nullptr},
});

std::string first_names(const Checkpoint& weights) {
  const auto& names = weights.names();
  return fmt::format("{}",
                     fmt::join(names.begin(), names.begin() + std::min<std::ptrdiff_t>(3, std::ssize(names)), ", "));
}

}  // namespace

std::span<const ModelFamily> model_families() { return kFamilies; }

ModelFiles ModelFiles::open(const FoundModel& found) {
  ModelFiles files{found.name, std::nullopt, found.config, {}, found.faces};
  if (!found.weights.empty()) files.weights = Checkpoint::open(found.weights);
  for (const auto& [network, path] : found.parts) files.parts.emplace(network, Checkpoint::open(path));
  return files;
}

const ModelFamily& family_of(const ModelFiles& files) {
  for (const ModelFamily& family : kFamilies) {
    if (family.matches(files)) return family;
  }
  check(files.weights.has_value(), ErrorKind::Model, "{}: no model of this name; `animate models` lists what is found",
        files.name);
  fail(ErrorKind::Model,
       "{}: is not a checkpoint of a model that this program knows (it holds {}, …); give one with generator and "
       "kp_detector, or LivePortrait's folder",
       files.weights->name(), first_names(*files.weights));
}

const ModelFamily& family_of_config(const std::filesystem::path& config) {
  const std::string shown = show(config);
  return parse_yaml(read_config_text(config), shown, [&](const YAML::Node& root) -> const ModelFamily& {
    const YamlSection fomm(root, "model_params.kp_detector_params", shown, "FOMM");
    const YamlSection liveportrait(root, "model_params.motion_extractor_params", shown, "LivePortrait");
    check(fomm.present() || liveportrait.present(), ErrorKind::Model,
          "{}: is no config of a model that this program knows; give one with model_params", shown);
    return *std::find_if(kFamilies.begin(), kFamilies.end(), [&](const ModelFamily& family) {
      return family.name == (fomm.present() ? "fomm" : "liveportrait");
    });
  });
}

std::shared_ptr<const Model> load_model(const ModelFiles& files, const AnimateOptions& options) {
  return family_of(files).load(files, options);
}

}  // namespace animate
