#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>

#include "heads/head_parameters.h"

namespace animate::heads {

struct WarpTruth {
  // [B, S, S, 2], x then y: where what each pixel of the driving picture shows lies in the source picture; -1 and 1 are
  // the outer edges of the picture (grid_sample with align_corners = false). May point outside.
  torch::Tensor grid;
  // [B, S, S]: 1 where the source picture shows the same part of the head there, else 0.
  torch::Tensor visible;
};

// The true backward flow between two pictures of each head: source[i] and driving[i] must be one identity, whose pose
// and expression may differ. Without gradients, on `device`.
//   head, ears, hair, hat  rigid: the pixel's front is taken back into the head and placed by the source's pose
//   face                   the same, after its features have moved from expression to expression (face_flow.h)
//   neck                   stretched between head and body
//   body                   shifted
//   backdrop               still
// Not visible are places that lie outside the source picture, behind another solid there (or behind another fold of
// the same one, by depth), or where the source's face has another feature: what lids and lips hide. A picture drawn
// `flat` and warped by this grid is the driving picture where it is visible, but for pixels that two things share, for
// hairs of brows and beards and for freckles near moving features, whose pattern keeps still while they move.
// Throws Error(Usage) for a size out of 16..2048, Error(Internal) for lists of different lengths or identities.
WarpTruth warp_truth(std::span<const Head> source, std::span<const Head> driving, int64_t size,
                     const torch::Device& device = torch::kCPU);

}  // namespace animate::heads
