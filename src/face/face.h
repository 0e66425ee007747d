#pragma once

#include <vector>

#include "base/points.h"
#include "pictures/box.h"

namespace animate::face {

// A face that a detector found.
struct Face {
  pictures::Box box;
  double score = 1;  // 0..1; 1 where the detector gives none
  // Left eye, right eye, nose, left and right corner of the mouth, as seen in the picture, in pixels. Empty where
  // the detector finds boxes only.
  Points2 points;
};

// Faces in the order that InsightFace calls "direction": by area, or by the left or upper side of the box.
// Equal ones keep their order.
enum class FaceOrder { LargeSmall, SmallLarge, LeftRight, RightLeft, TopBottom, BottomTop };
void order_faces(std::vector<Face>& faces, FaceOrder order);

// Greedy suppression: the best score stays, what overlaps it by more than `overlap` (intersection over union) goes,
// and so on. Sides count as last - first + `extra` pixels: 1 in InsightFace, 0 in OpenCV. Best score first.
std::vector<Face> suppress_overlaps(std::vector<Face> faces, double overlap, double extra);

// At most `most` faces (0: all): those that are large and near the middle, by area - 2 * (distance of the centres)^2,
// best first (models/liveportrait/README.md#detector, step 4).
void keep_central(std::vector<Face>& faces, int most, int image_width, int image_height);

double overlap_of(const pictures::Box& a, const pictures::Box& b);  // intersection over union, 0..1

// A face in a frame by its corners, in pixels. Corners, not sides, since the original's arithmetic is repeated to
// the last bit.
struct FaceCorners {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

}  // namespace animate::face
