#pragma once

#include <array>

#include "base/pixel_box.h"
#include "pictures/crop_transform.h"

namespace animate::pictures {

// The part of a picture of width x height pixels that may change when a crop is pasted back into it; may be empty.
PixelBox paste_region(const CropTransform& transform, int width, int height);

// The inverse of a transform's upper two rows, as cv::warpAffine inverts the matrix that it is given, in its order of
// operations: the places that a warp by `matrix` looks at, row-major 2x3. All zero where there is no inverse.
std::array<double, 6> inverse_for_warp(const std::array<float, 9>& matrix);

}  // namespace animate::pictures
