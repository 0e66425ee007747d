#pragma once

#include <array>
#include <span>

#include "heads/head_parameters.h"

namespace animate::heads {

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<Vector3, 3>;  // rows

// x to the right, y down, z out of the picture towards the viewer; lengths in picture sides.

// R = Rz(roll) Ry(yaw) Rx(pitch) (heads/README.md#geometry).
Matrix3 rotation_of(const Pose& pose);
Vector3 turn(const Matrix3& rotation, const Vector3& point);

// The point of the face at (u, v), `lift` in front of it, before it is turned (heads/README.md#geometry):
// (u fw, v fh, 0.95 fw sqrt(max(0, 1 - 0.85 u^2 - 0.6 v^2)) + lift).
Vector3 surface_point(const Identity& identity, double u, double v, double lift = 0);
// A head point in the picture: centre + scale R p; x and y in 0..1, z its depth.
Vector3 place(const Pose& pose, const Vector3& point);
// Where the head's centre lies when it is not shifted, in picture sides.
inline constexpr double kCentreX = 0.5, kCentreY = 0.54;

// Where the drawn features lie in (u, v): the renderer and the ground truth read the same functions.
double brow_centre_v(const Identity& identity, const Expression& expression);
double nose_tip_v(const Identity& identity);
double nose_tip_lift(const Identity& identity);
double mouth_half_width(const Identity& identity, const Expression& expression);
// v of the mouth's line at x = u / half width, without its opening.
double mouth_line_v(const Identity& identity, const Expression& expression, double x);
// v of the middle of the lower lip and of the upper lip at u = 0.
double lower_lip_v(const Identity& identity, const Expression& expression);
double upper_lip_v(const Identity& identity, const Expression& expression);
// v of the edges of an eye's lids above and below its centre, where they are `open`, 0..1.
double upper_lid_v(const Identity& identity, double open);
double lower_lid_v(const Identity& identity, double open);

// The order of the truth. A model with fewer points takes the first ones: the twelve of heads/README.md#truth, which
// carry blinks and speech in frames alone, or also the five after them, whose places carry both.
enum Keypoint {
  kLeftEye,
  kRightEye,
  kNoseTip,
  kLeftMouth,
  kRightMouth,
  kLowerLip,
  kChin,
  kLeftSide,
  kRightSide,
  kTop,
  kLeftBrow,
  kRightBrow,
  kBasicKeypoints,
  kLeftUpperLid = kBasicKeypoints,
  kLeftLowerLid,
  kRightUpperLid,
  kRightLowerLid,
  kUpperLip,
  kKeypoints
};

// Ground truth of one head: positions in [-1, 1] (-1 and 1 are the outer edges of the picture), local frames
// scale R[:2,:2], whose second column is multiplied by 0.15 + 0.85 openness for an eye and by 0.3 + mouth opening for
// the lower lip (heads/README.md#truth); visible: the point's side of the face is turned to the viewer.
struct HeadTruth {
  std::array<std::array<float, 2>, kKeypoints> points{};
  std::array<std::array<float, 4>, kKeypoints> frames{};  // j00 j01 j10 j11
  std::array<bool, kKeypoints> visible{};
};
HeadTruth truth_of(const Head& head);

}  // namespace animate::heads
