#pragma once

#include <cstddef>

#include "animate/edit_settings.h"
#include "motion/edit_controls.h"
#include "motion/expression_edit.h"

namespace animate::motion {

// The values of `settings` for the picture that begins after `seconds` and is number `frame`, counted from 0. Stitching
// is left on.
FaceEdit edit_at(const EditSettings& settings, double seconds, size_t frame);

}  // namespace animate::motion
