#pragma once

#include <array>

#include "animate/image.h"
#include "base/points.h"

namespace animate::pictures {

// A square crop of a picture, turned upright: the two 3x3 matrices (row-major, single precision) that carry pixels
// of the picture to pixels of the crop and back. Plain data.
struct CropTransform {
  std::array<float, 9> crop_from_image{};
  std::array<float, 9> image_from_crop{};
  int size = 0;  // sides of the crop, pixels
};

// The crop's pixels: bilinear, black outside the picture. Error(Input) for a picture above 32766 pixels a side.
Image warp_crop(const Image& image, const CropTransform& transform);

// The points, transformed by one of the matrices.
Points2 transform_points(const Points2& points, const std::array<float, 9>& matrix);

// The inverse of a 3x3 matrix by elimination with row exchange, every step in single precision.
// Throws Error(Input) for a matrix that has none.
std::array<float, 9> inverse(const std::array<float, 9>& matrix);

// How much of the crop lies outside a picture of width x height pixels: 0 (nothing) to 1 (all of it).
double share_outside(const CropTransform& transform, int width, int height);

}  // namespace animate::pictures
