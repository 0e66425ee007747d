#pragma once

#include "base/points.h"
#include "face/face.h"

namespace animate::face {

// Points that frame a face as its 106 landmarks would, where these cannot be had: give them to crop_transform with the
// scale meant for landmarks.
//
// The 106 points reach from the top of the brows to the chin and from cheek to cheek. On the portraits looked at that
// is a square with sides of 0.75 of the height of a detector network's box (hairline to chin), 0.82 of a cascade's,
// or 2.05 times the distance from the eyes to the mouth, with its centre 0.62 of that distance below the eyes.
//
// A face with five points is turned by them; its box, if it has one, tells where its middle lies sideways, which for
// a turned head is not between the eyes. A box alone gives an upright face. Landmarks of 9 (animals), 68, 101
// and more are given back as they are. The result for five points and for boxes has the layout of nine points.
// Throws Error(Input) when neither box nor points have a size.
Points2 landmarks_for_crop(const Face& face);

// The smallest upright box round points.
pictures::Box box_round(const Points2& points);

}  // namespace animate::face
