#pragma once

#include "base/points.h"
#include "face/face_rectangle.h"
#include "pictures/crop_transform.h"

namespace animate::face {

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
pictures::CropTransform crop_transform(const Points2& landmarks, const PortraitCropOptions& options);
pictures::CropTransform crop_transform(const FaceRectangle& rectangle, int size, bool rotate);

}  // namespace animate::face
