#include "evaluate/detector_features.h"

#include <c10/core/InferenceMode.h>

#include "base/error.h"
#include "catalog/default_model.h"
#include "models/fomm/fomm_model.h"

namespace animate::evaluate {
namespace {

constexpr int64_t kPicturesAtOnce = 16;

}  // namespace

std::unique_ptr<DetectorFeatures> DetectorFeatures::find(const torch::Device& device, std::string& why_not) {
  try {
    const auto files = models::ModelFiles::open(catalog::find_model({catalog::kDrawnHeads, {}}));
    check(models::fomm::FommModel::matches(files), ErrorKind::Model, "{}: is no First Order Motion Model", files.name);
    const auto config = models::fomm::find_config(files);
    check(config.num_channels == 3, ErrorKind::Model, "{}: does not see colours", files.name);
    models::fomm::Networks networks(config);
    networks.load(*files.weights);
    return std::make_unique<DetectorFeatures>(networks.detector, config.frame_height, device);
  } catch (const Error& error) {
    why_not = error.what();
    return nullptr;
  }
}

DetectorFeatures::DetectorFeatures(std::shared_ptr<models::fomm::KeypointDetectorImpl> detector, int64_t side,
                                   const torch::Device& device)
    : detector_(std::move(detector)), side_(side), device_(device) {
  detector_->to(device);
}

torch::Tensor DetectorFeatures::of(const torch::Tensor& pictures) const {
  const c10::InferenceMode guard;
  std::vector<torch::Tensor> rows;
  for (const auto& some : pictures.split(kPicturesAtOnce)) {
    auto shown = some.to(device_, torch::kFloat);
    if (shown.size(2) != side_ || shown.size(3) != side_) {
      shown = torch::upsample_bilinear2d(shown, {side_, side_}, /*align_corners=*/false);
    }
    const auto maps = detector_->detect(shown).feature_map.flatten(2);
    rows.push_back(torch::cat({maps.mean(2), maps.std(2, /*unbiased=*/false)}, 1).to(torch::kCPU));
  }
  return torch::cat(rows);
}

}  // namespace animate::evaluate
