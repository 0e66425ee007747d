#include "serve/model_shelf.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/nearest.h"
#include "catalog/default_model.h"
#include "catalog/model_family.h"
#include "catalog/model_finder.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

constexpr const char* kLivePortrait = "liveportrait";

std::string key_of(const std::string& name, const FommOptions& fomm) {
  return fmt::format("{}|{}|{}", name, word_of(fomm.align_corners), fomm.frame_size ? fomm.frame_size->text() : "");
}

}  // namespace

ModelShelf::ModelShelf(const Engine& engine, ModelSpec own, RuntimeOptions runtime, size_t most)
    : engine_(engine), own_(std::move(own)), runtime_(runtime), most_(std::max<size_t>(1, most)) {}

void ModelShelf::check_name(const std::string& name) const {
  if (name.empty()) return;
  std::vector<std::string> names{catalog::kDrawnHeads};
  for (const catalog::FoundModel& model : catalog::list_models()) names.push_back(model.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string hint = nearest(name, names);
  throw Refusal(422, hint.empty()
                         ? fmt::format("{}: is no model that is found here; GET /api/v1/models lists them", name)
                         : fmt::format("{}: is no model that is found here; did you mean {}?", name, hint));
}

std::shared_ptr<const Model> ModelShelf::get(const std::string& name, const FommOptions& fomm) {
  check_name(name);
  const std::scoped_lock lock(mutex_);
  const std::string key = key_of(name, fomm);
  const auto found = std::find_if(opened_.begin(), opened_.end(), [&](const Opened& o) { return o.key == key; });
  if (found != opened_.end()) {
    opened_.splice(opened_.begin(), opened_, found);
    return opened_.front().model;
  }
  // Room first: two large models may not fit beside each other.
  while (opened_.size() >= most_) opened_.pop_back();
  ModelSpec spec = name.empty() ? own_ : ModelSpec{name, {}, {}};
  spec.fomm = fomm;
  opened_.push_front({key, engine_.open_model(spec, runtime_)});
  return opened_.front().model;
}

bool ModelShelf::own_edits() const { return catalog::told_family(catalog::find_model(own_)) == kLivePortrait; }

std::string ModelShelf::editing_model() const {
  if (own_edits()) return {};
  const auto model = catalog::find_whole_liveportrait();
  check(model.has_value(), ErrorKind::Model,
        "no LivePortrait model is found, which editing needs; get it with `animate models fetch liveportrait`");
  return model->name;
}

}  // namespace animate::serve
