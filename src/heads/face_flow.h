#pragma once

#include <torch/types.h>

#include "heads/canvas.h"

namespace animate::heads {

// What is painted at a place of the face.
enum class Feature : uint8_t {
  Skin,
  Beard,
  Moustache,
  Nostril,
  Lips,
  Cavity,  // the open mouth's inside, without its teeth
  Teeth,
  Seam,  // the line between shut lips
  Eyeball,
  Crease,  // above the upper lid
  Lash,
  Rim,  // of the lower lid
  Brow,
  GlassesFrame,
};

// [B, S, S] bytes, values of Feature, at (u, v) of the faces.
torch::Tensor features_at(const Columns& columns, const torch::Tensor& u, const torch::Tensor& v);

struct FaceFlow {
  torch::Tensor u, v;  // where it lies on the source's face
  torch::Tensor same;  // true where the source has the same feature there
};

// Follows what the driving face shows at (u, v), planes [B, S, S], to the same identity's source face, whose expression
// may differ. Lids, lashes, brows, lips, teeth and the eyeball's painting move as they are drawn (face_lines.h), to the
// bit of the formulas. The skin between them is painted in one piece in both pictures; here it is stretched between
// the features' edges and comes to rest at a distance, linearly in v, so that motion has no needless jumps.
// What a feature hides (an eyeball behind a shut lid, teeth behind shut lips) is not the same feature there.
FaceFlow face_flow(const Columns& source, const Columns& driving, const torch::Tensor& u, const torch::Tensor& v);

}  // namespace animate::heads
