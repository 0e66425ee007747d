#pragma once

#include <span>
#include <vector>

#include "face/face.h"
#include "face/face_rectangle.h"
#include "pictures/crop_transform.h"

namespace animate::face {

// Where a driving clip is cropped (models/liveportrait/README.md#driving-crop). A box is upright and square, by its
// corners in pixels.

// The square round one frame's face. The angle of the face is found, used for the place, and then left out.
FaceCorners driving_box(const Points2& landmarks, const RectangleOptions& options);

// The mean of the boxes of all frames, as the original crops a clip. At least one box: Error(Internal) else.
FaceCorners average_box(std::span<const FaceCorners> boxes);

// One box a frame that follows the face without its jitter: centre and the logarithm of the side, each smoothed
// forwards and backwards by a Gaussian whose standard deviation is `seconds`. No lag, since the whole clip is known.
// At the ends the weights that fall outside the clip are left out. `fps` in frames a second.
std::vector<FaceCorners> follow_boxes(std::span<const FaceCorners> boxes, double fps, double seconds = 0.25);

// One step of the same where the frames to come are not known: the box behind `last`, `passed` seconds later, goes
// towards `now` by 1 - exp(-passed / seconds). It lags by about `seconds`.
FaceCorners follow_box(const FaceCorners& last, const FaceCorners& now, double passed, double seconds = 0.25);

// The crop of a box to size x size pixels; its scale is the width's. `angle` in radians turns the crop about the
// box's centre. Error(Input) for a box without width.
pictures::CropTransform crop_by_box(const FaceCorners& box, int size, double angle = 0);

}  // namespace animate::face
