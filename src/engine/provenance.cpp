#include "engine/provenance.h"

#include "animate/version.h"
#include "base/error.h"
#include "base/utc_time.h"

namespace animate::engine {

std::string_view made_from(const CheckedJob& job) {
  if (job.is_morph()) return "from several pictures that become each other";
  return job.driving.is_idle() ? "from a source picture and movement by formulas" : kPictureAndDriver;
}

std::map<std::string, std::string> provenance_of(const ModelFacts& model, std::string_view from_what) {
  constexpr size_t short_hash = 12;
  const std::string hash = model.sha256.empty() ? "" : ", sha256 " + model.sha256.substr(0, short_hash);
  return {{"software", "animate " ANIMATE_VERSION},
          {"creation_time", utc_now()},
          {"comment",
           fmt::format("Synthetic: this picture was not recorded, it was generated {} by animate {} with the model {} "
                       "({}{}). IPTC digital source type: trainedAlgorithmicMedia",
                       from_what, ANIMATE_VERSION, show(model.name), model.family, hash)},
          {"digital_source_type", "trainedAlgorithmicMedia"}};
}

AnimateOptions with_provenance(AnimateOptions options, const ModelFacts& model, std::string_view from_what) {
  if (options.output.provenance) options.output.metadata.merge(provenance_of(model, from_what));
  return options;
}

}  // namespace animate::engine
