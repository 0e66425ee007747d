#pragma once

#include <filesystem>
#include <optional>

#include "catalog/model_finder.h"

namespace animate::catalog {

// The folder layout that LivePortrait's weights are published in (models/liveportrait/README.md#files):
//   <root>/liveportrait/base_models/{appearance_feature_extractor,motion_extractor,spade_generator,warping_module}.pth
//   <root>/liveportrait/retargeting_models/stitching_retargeting_module.pth
//   <root>/liveportrait/landmark.onnx
//   <root>/insightface/models/buffalo_l/{2d106det,det_10g}.onnx
// `folder` may be the root, its parent's name aside, or the folder that holds base_models. A models.yaml beside
// base_models is the config. nullopt when the folder has no base_models; Error(Input) listing what is missing, and
// where to get it, when it has but is incomplete.
std::optional<FoundModel> find_liveportrait(const std::filesystem::path& folder);

// The face networks near a model: in the published places below or above `folder`, or in it.
FaceModelFiles find_face_models(const std::filesystem::path& folder);

}  // namespace animate::catalog
