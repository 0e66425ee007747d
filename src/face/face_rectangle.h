#pragma once

#include <array>

#include "base/points.h"

namespace animate::face {

// The square that a face fills, found from its landmarks: upright in the face's own axes, so turned by `angle`
// in the picture (models/liveportrait/README.md#face-square). Every array step runs in single precision, as there (the
// nine points of an animal in double precision).
struct FaceRectangle {
  Point2 centre{};   // pixels
  float size = 0;    // side, pixels
  double angle = 0;  // radians; positive when the face's own x axis points down in the picture
};

struct RectangleOptions {
  double scale = 1.5;   // side of the square by the landmarks' longer extent
  double vx_ratio = 0;  // shift of the centre along the face's own x axis, in sides of the square
  double vy_ratio = 0;  // the same along its y axis (down the face)
  bool use_lip = true;  // the upright axis runs from the eyes to the mouth; else it is square to the line of the eyes
};

// The two points that give the upright axis: the middle between the eyes, and the mouth (or, without use_lip,
// the left eye and a point below it). Landmarks of 5, 9 (animals), 68, 101, 106, 203 and any other count above 101
// are known; Error(Internal) for the rest.
std::array<Point2, 2> upright_points(const Points2& landmarks, bool use_lip = true);

// Throws Error(Internal) for a landmark count that is not known, Error(Model) for landmarks that are not finite.
FaceRectangle face_rectangle(const Points2& landmarks, const RectangleOptions& options);

// The corners (left top, right top, right bottom, left bottom in the face's axes), before and after the turn.
std::array<Point2, 4> upright_corners(const FaceRectangle& rectangle);
std::array<Point2, 4> turned_corners(const FaceRectangle& rectangle);

}  // namespace animate::face
