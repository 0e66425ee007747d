#pragma once

#include "heads/canvas.h"

namespace animate::heads {

// The backdrop: a gradient with stripes, a texture or things, darker towards the corners.
void paint_backdrop(const Columns& columns, Canvas& canvas);

// Colours on all solids of head_solids.h (heads/README.md#renderer): the nearer one wins, pixel by pixel.
// flat: without the shadows that parts throw onto each other.
void paint_head(const Columns& columns, Canvas& canvas, bool flat);

}  // namespace animate::heads
