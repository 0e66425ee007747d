#pragma once

#include "dataset/frames.h"

// The geometric steps of FOMM's augmentation with given parameters (models/fomm/README.md#augmentation), every frame
// treated alike. Plain C++ without LibTorch: data workers run them beside the training step. Thread-safe.
namespace animate::train {

using dataset::Frames;

Frames mirror_horizontally(const Frames& frames);

// Turned about the centre by `degrees`, counter-clockwise as displayed; size kept, bilinear, black outside.
Frames rotate(const Frames& frames, double degrees);

// scikit-image's resize with black outside: smoothed first where an axis shrinks, then sampled at pixel centres,
// nearest or bilinear.
Frames resize(const Frames& frames, int64_t height, int64_t width, bool bilinear);

// Repeats the border until both sides reach the size: half of what is missing before, the rest after.
Frames pad_to(const Frames& frames, int64_t height, int64_t width);

// The window whose upper left corner is (y, x); it must lie inside, else Error(Internal).
Frames crop(const Frames& frames, int64_t y, int64_t x, int64_t height, int64_t width);

}  // namespace animate::train
