#pragma once

#include "heads/canvas.h"

namespace animate::heads {

// What a camera and a file do to a picture: dark corners, exposure, defocus, noise, block compression. Ends in [0, 1].
void develop(const Columns& columns, Canvas& canvas);

}  // namespace animate::heads
