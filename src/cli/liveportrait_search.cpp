#include "cli/liveportrait_search.h"

#include "base/error.h"
#include "catalog/model_finder.h"
#include "checkpoint/checkpoint.h"

namespace animate::cli {
namespace {

// The published folder, or one file that `animate convert` wrote.
bool is_liveportrait(const FoundModel& model) {
  if (!model.parts.empty()) return true;
  if (model.weights.extension() != ".safetensors") return false;
  try {
    const Checkpoint weights = Checkpoint::open(model.weights);
    const auto family = weights.metadata().find("family");
    return family != weights.metadata().end() && family->second == "liveportrait";
  } catch (const Error&) {
    return false;  // another command's to tell; here it is no LivePortrait
  }
}

}  // namespace

std::string find_liveportrait_model() {
  for (const FoundModel& model : list_models()) {
    if (is_liveportrait(model)) return model.location();
  }
  fail(ErrorKind::Model,
       "no LivePortrait model is found, which editing needs; download https://huggingface.co/KwaiVGI/LivePortrait and "
       "give its folder with -m, or put it into ./models");
}

}  // namespace animate::cli
