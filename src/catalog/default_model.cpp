#include "catalog/default_model.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/file_kind.h"
#include "catalog/liveportrait_layout.h"
#include "catalog/model_family.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;

bool is_file_itself(const fs::path& path) {
  const FileKind kind = file_kind_of(path);
  return kind != FileKind::Empty && kind != FileKind::Html && kind != FileKind::LfsPointer;
}

bool is_whole_liveportrait(const FoundModel& model) {
  if (model.parts.empty()) return model.weights.extension() == ".safetensors" && told_family(model) == "liveportrait";
  return model.family == "liveportrait" && std::all_of(model.parts.begin(), model.parts.end(),
                                                       [](const auto& part) { return is_file_itself(part.second); });
}

}  // namespace

std::optional<FoundModel> find_whole_liveportrait() {
  for (FoundModel& model : list_models()) {
    if (is_whole_liveportrait(model)) return std::move(model);
  }
  return std::nullopt;
}

DefaultModel default_model() {
  if (auto model = find_whole_liveportrait()) return {*std::move(model), ""};
  return {find_model({kDrawnHeads, {}}),
          "no LivePortrait weights are found, so the drawn-heads model is taken, which cannot do photos; get them with "
          "`animate models fetch liveportrait`, see `animate doctor`"};
}

}  // namespace animate::catalog
