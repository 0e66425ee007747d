#pragma once

#include <torch/types.h>

#include <functional>
#include <stop_token>
#include <vector>

#include "animate/faces.h"
#include "animate/image.h"
#include "animate/progress.h"
#include "models/face_codec.h"

namespace animate::engine {

// Codes of faces drawn from a distribution: options.count of them, or those of a walk through them -> [N, Z]. A
// function of the options alone: the first faces of a longer list are those of a shorter one.
torch::Tensor draw_codes(const models::FaceDistribution& distribution, const FacesOptions& options);

// Decodes them and gives each picture to `sink`, enlarged to `size`. Throws Error(Cancelled) when stopped.
void paint_codes(const models::FaceCodec& codec, const torch::Tensor& codes, int64_t size,
                 const std::function<void(const Image&)>& sink, Progress& progress, std::stop_token stop);

// Pictures of one size in one sheet.
Image sheet_of_faces(const std::vector<Image>& faces, int64_t columns);

}  // namespace animate::engine
