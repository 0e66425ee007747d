#include "models/registry.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "models/fomm/fomm_model.h"
#include "models/identity/identity_model.h"

namespace animate {
namespace {

constexpr auto kFamilies = std::to_array<ModelFamily>({
    {"fomm", "First Order Motion Model: keypoints with local affine frames", fomm::FommModel::matches,
     fomm::FommModel::load},
    {"identity", "echoes the driving frame; no weights, for tests", IdentityModel::matches, IdentityModel::load},
});

std::string first_names(const Checkpoint& weights) {
  const auto& names = weights.names();
  return fmt::format("{}",
                     fmt::join(names.begin(), names.begin() + std::min<std::ptrdiff_t>(3, std::ssize(names)), ", "));
}

}  // namespace

std::span<const ModelFamily> model_families() { return kFamilies; }

std::shared_ptr<const Model> load_model(const ModelFiles& files, const AnimateOptions& options) {
  for (const ModelFamily& family : kFamilies) {
    const bool chosen = files.weights ? family.matches(*files.weights) : family.name == files.name;
    if (chosen) return family.load(files, options);
  }
  check(files.weights.has_value(), ErrorKind::Model, "{}: no model of this name; `animate models` lists what is found",
        files.name);
  fail(ErrorKind::Model,
       "{}: is not a checkpoint of a model that this program knows (it holds {}, …); give one with generator and "
       "kp_detector",
       files.weights->name(), first_names(*files.weights));
}

}  // namespace animate
