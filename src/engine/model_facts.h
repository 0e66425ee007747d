#pragma once

#include "animate/facts.h"
#include "catalog/model_finder.h"
#include "models/driven_model.h"
#include "models/face_codec.h"

namespace animate::engine {

// Describes a loaded model and hashes the files that it was found in, which reads them whole.
// Throws Error(Input) when one of them can no longer be read.
ModelFacts describe_model(const models::DrivenModel& model, const catalog::FoundModel& found);
ModelFacts describe_model(const models::FaceCodec& codec, const catalog::FoundModel& found);

// The same of a video diffusion model, whose networks are not in memory all at once.
ModelFacts describe_video_model(const std::string& name, int64_t parameters, const torch::Device& device,
                                const catalog::FoundModel& found);

}  // namespace animate::engine
