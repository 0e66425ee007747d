#pragma once

#include "heads/canvas.h"

namespace animate::heads {

// The backdrop: a gradient with stripes, a texture or things, darker towards the corners.
void paint_backdrop(const Columns& columns, Canvas& canvas);

// Torso, neck, ears, head, hair, hat: ellipsoids, cut and united (heads.md, "Painted back to front"; here the nearer
// one wins, pixel by pixel).
void paint_head(const Columns& columns, Canvas& canvas);

}  // namespace animate::heads
