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
// and as people have them elsewhere: as .safetensors, all in one folder, in base_models_v1.1 of liveportrait_animals
// with the humans' retargeting file. `folder` may be the root, the folder that holds one of these or holds
// pretrained_weights, or that of the four networks itself. Of several sets in one folder the whole one counts, then the
// newer one; humans' come before animals' (liveportrait_choice()). A models.yaml beside the
// networks or their folder is the config. nullopt when there is none of the networks; Error(Input) listing what is
// missing, and where to get it, when the best set is incomplete.
std::optional<FoundModel> find_liveportrait(const std::filesystem::path& folder);

// Which of several sets of weights find_liveportrait() takes, as a sentence; empty where there is no choice.
std::string liveportrait_choice(const std::filesystem::path& folder);

// Whether a model's weights lie in a folder that is named after animals, as liveportrait_animals.
bool looks_like_animals(const FoundModel& model);

// The face networks near a model: in the published places below or above `folder`, or in it.
FaceModelFiles find_face_models(const std::filesystem::path& folder);

}  // namespace animate::catalog
