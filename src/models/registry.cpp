#include "models/registry.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "models/autoencoder/autoencoder_bench.h"
#include "models/autoencoder/autoencoder_codec.h"
#include "models/autoencoder/config_keys.h"
#include "models/fomm/fomm_bench.h"
#include "models/fomm/fomm_model.h"
#include "models/identity/identity_model.h"
#include "models/liveportrait/liveportrait_bench.h"
#include "models/liveportrait/liveportrait_model.h"
#include "models/video_diffusion/video_bench.h"
#include "models/video_diffusion/video_family.h"
#include "models/video_ldm/config.h"
#include "models/video_ldm/ldm_family.h"
#include "models/yaml_config.h"

namespace animate::models {
namespace {

template <typename Model>
std::shared_ptr<const DrivenModel> load_as(const ModelFiles& files, const AnimateOptions& options) {
  return Model::load(files, options);
}

constexpr auto kFamilies = std::to_array<ModelFamily>({
    {"fomm", "First Order Motion Model: keypoints with local affine frames", fomm::FommModel::matches,
     load_as<fomm::FommModel>, fomm::pack, fomm::bench_subject},
    {"liveportrait", "LivePortrait: implicit 3-D keypoints, stitching, retargeting",
     liveportrait::LivePortraitModel::matches, load_as<liveportrait::LivePortraitModel>, liveportrait::pack,
     liveportrait::bench_subject, "LivePortrait has no absolute keypoints for this protocol"},
    {"autoencoder",
     "convolutional autoencoder of 64x64 faces: codes, morphs, faces of nobody",
     autoencoder::AutoencoderCodec::matches,
     nullptr,
     autoencoder::pack,
     autoencoder::bench_subject,
     {},
     autoencoder::AutoencoderCodec::load,
     "an autoencoder of faces, which no driver moves; use it with `animate faces` or `animate morph`"},
    {"video_diffusion", "Stable Video Diffusion: a photo becomes a clip without a driver", video_diffusion::matches,
     nullptr, video_diffusion::pack, video_diffusion::bench_subject,
     "video diffusion follows no driver, and this protocol needs one", nullptr,
     "an image-to-video model, which no driver moves; use it with `animate dream`", true},
    {"video_ldm",
     "a video LDM of our own: short clips of drawn heads, by labels",
     video_ldm::matches,
     nullptr,
     video_ldm::pack,
     nullptr,
     {},
     nullptr,
     "a video LDM, which no driver moves; use it with `animate dream`"},
    {"identity", "echoes the driving frame; no weights, for tests", IdentityModel::matches, load_as<IdentityModel>,
     nullptr, nullptr},
});

std::string first_names(const checkpoint::Checkpoint& weights) {
  const auto& names = weights.names();
  return fmt::format("{}",
                     fmt::join(names.begin(), names.begin() + std::min<std::ptrdiff_t>(3, std::ssize(names)), ", "));
}

std::vector<ModelFamily>& added() {
  static std::vector<ModelFamily> families;
  return families;
}

}  // namespace

std::vector<ModelFamily> model_families() {
  std::vector<ModelFamily> all(kFamilies.begin(), kFamilies.end());
  all.insert(all.end(), added().begin(), added().end());
  return all;
}

void add_model_family(const ModelFamily& family) { added().push_back(family); }
void remove_added_model_family() { added().pop_back(); }

ModelFiles ModelFiles::open(const catalog::FoundModel& found) {
  ModelFiles files{found.name, std::nullopt, found.config, {}, found.faces, {}, {}};
  if (!found.weights.empty() || !found.parts.empty()) files.location = found.location();
  if (!found.weights.empty()) {
    files.weights = checkpoint::Checkpoint::open(found.weights);
    std::error_code ec;
    const auto beside = found.weights.parent_path() / "face_distribution.npz";
    if (std::filesystem::is_regular_file(beside, ec)) files.distribution = beside;
  }
  for (const auto& [network, path] : found.parts) files.parts.emplace(network, checkpoint::Checkpoint::open(path));
  return files;
}

ModelFamily family_of(const ModelFiles& files) {
  for (const ModelFamily& family : model_families()) {
    if (family.matches(files)) return family;
  }
  check(files.weights.has_value(), ErrorKind::Model, "{}: no model of this name; `animate models` lists what is found",
        files.name);
  fail(ErrorKind::Model,
       "{}: is not a checkpoint of a model that this program knows (it holds {}, …); give one with generator and "
       "kp_detector, or LivePortrait's folder",
       files.weights->name(), first_names(*files.weights));
}

ModelFamily family_of_config(const std::filesystem::path& config) {
  const std::string shown = show(config);
  return parse_yaml(read_config_text(config), shown, [&](const YAML::Node& root) -> ModelFamily {
    const YamlSection fomm(root, "model_params.kp_detector_params", shown, "FOMM");
    const YamlSection liveportrait(root, "model_params.motion_extractor_params", shown, "LivePortrait");
    const YamlSection codec(root, autoencoder::kSection, shown, autoencoder::kFamilyName);
    const YamlSection clips(root, video_ldm::kSection, shown, video_ldm::kFamilyName);
    check(fomm.present() || liveportrait.present() || codec.present() || clips.present(), ErrorKind::Model,
          "{}: is no config of a model that this program knows; give one with model_params", shown);
    return *std::find_if(kFamilies.begin(), kFamilies.end(), [&](const ModelFamily& family) {
      return family.name == (fomm.present()           ? "fomm"
                             : liveportrait.present() ? "liveportrait"
                             : codec.present()        ? "autoencoder"
                                                      : "video_ldm");
    });
  });
}

std::shared_ptr<const DrivenModel> load_model(const ModelFiles& files, const AnimateOptions& options) {
  const ModelFamily family = family_of(files);
  require_driven(family, files.name);
  return family.load(files, options);
}

std::shared_ptr<const FaceCodec> load_codec(const ModelFiles& files, const AnimateOptions& options) {
  const ModelFamily family = family_of(files);
  check(family.is_codec(), ErrorKind::Usage,
        "{}: is a model of the family {}, which has no codes of faces; give an autoencoder of faces with -m",
        files.name, family.name);
  return family.load_codec(files, options);
}

void require_driven(const ModelFamily& family, const std::string& name) {
  check(family.not_driven.empty(), ErrorKind::Usage, "{}: is {}, or give another model with -m", name,
        family.not_driven);
}

}  // namespace animate::models
