#pragma once

#include <functional>

#include "heads/canvas.h"

namespace animate::heads {

// The solids that a drawn head is made of. Values stand in planes of parts (head_fronts.h), where 0 is the backdrop.
enum class Solid : uint8_t {
  Backdrop,
  Torso,
  Collar,  // a part of the torso's front that moves with the neck
  Neck,
  LeftEar,
  RightEar,
  LeftRing,
  RightRing,
  Face,
  BackHair,
  InsideOfHair,
  Hair,
  Bun,
  Crown,
  Brim,
};

// The front of one solid in the canvas's focus.
struct SolidFront {
  Solid solid;
  Surface surface;
  // Where its places lie on the head, as far as its shape needed to know; else not defined.
  torch::Tensor u, v;
  torch::Tensor line;  // Crown: v of its lower edge
};

// The collar: where the neck's outline, moved down, is left by no more than this k (Canvas::inside).
inline constexpr double kCollarShift = 0.012, kCollarInner = 1.5, kCollarOuter = 1.6;

// Focuses the canvas on one solid after another, back to front, and hands over its front: ellipsoids, cut and united
// (heads/README.md#geometry), antialiased at their outlines. What nobody of the batch wears, or what lies outside the
// picture, is left out. The painter and the truth of the warp see the same solids.
void for_each_solid(const Columns& columns, Canvas& canvas, const std::function<void(SolidFront&)>& visit);

}  // namespace animate::heads
