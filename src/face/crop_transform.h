#pragma once

#include <array>

#include "animate/image.h"
#include "base/points.h"
#include "face/face_rectangle.h"

namespace animate::face {

// A square crop of a picture, turned upright: the two 3x3 matrices (row-major, single precision) that carry pixels
// of the picture to pixels of the crop and back. Plain data.
struct CropTransform {
  std::array<float, 9> crop_from_image{};
  std::array<float, 9> image_from_crop{};
  int size = 0;  // sides of the crop, pixels
};

// How a crop frames a face; the defaults are LivePortrait's for sources.
struct PortraitCropOptions {
  int size = 512;            // sides of the crop, pixels
  double scale = 2.3;        // side of the square by the landmarks' longer extent
  double vx_ratio = 0;       // shift along the face's x axis in sides; the original reads it and ignores it
  double vy_ratio = -0.125;  // shift down the face in sides
  bool rotate = true;        // turn the face upright
};

// models/liveportrait/README.md#crop-matrix: doubles from single-precision centre and size, rounded to single
// precision, the way back inverted in single precision. Errors as face_rectangle; Error(Input) when the square has no
// size.
CropTransform crop_transform(const Points2& landmarks, const PortraitCropOptions& options);
CropTransform crop_transform(const FaceRectangle& rectangle, int size, bool rotate);

// The crop's pixels: bilinear, black outside the picture. Error(Input) for a picture above 32766 pixels a side.
Image warp_crop(const Image& image, const CropTransform& transform);

// The points, transformed by one of the matrices.
Points2 transform_points(const Points2& points, const std::array<float, 9>& matrix);

// The inverse of a 3x3 matrix by elimination with row exchange, every step in single precision.
// Throws Error(Input) for a matrix that has none.
std::array<float, 9> inverse(const std::array<float, 9>& matrix);

// How much of the crop lies outside a picture of width x height pixels: 0 (nothing) to 1 (all of it).
double share_outside(const CropTransform& transform, int width, int height);

}  // namespace animate::face
