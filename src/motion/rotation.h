#pragma once

#include <span>

#include "base/points.h"

namespace animate::motion {

// Head rotations as LivePortrait keeps them (models/liveportrait/README.md#keypoints): stored transposed, because
// points are rows and x' = x * R. All angles in degrees, all lists row-major. None of these functions throws but
// degrees_from_bins.

// A turn of the head in degrees: pitch about x, yaw about y, roll about z.
struct HeadPose {
  float pitch = 0;
  float yaw = 0;
  float roll = 0;
};

// 3 * sum of i * softmax(logits)[i] - 97.5 for the 66 bins of the pose heads; one value alone is taken as degrees
// already. Throws Error(Model) for any other number of values.
float degrees_from_bins(std::span<const float> logits);

// R = (Rz * Ry * Rx) transposed.
Matrix3 rotation_matrix(const HeadPose& pose);

// The angles of rotation_matrix() again, yaw within +-90. Where yaw is +-90 pitch and roll are one turn: all of it is
// told as pitch.
HeadPose head_pose(const Matrix3& rotation);

Matrix3 multiply(const Matrix3& a, const Matrix3& b);
Matrix3 transpose(const Matrix3& matrix);

// The way from `a` to `b` along the shortest turn, at constant speed; weight 0 is exactly a, 1 exactly b.
// Between opposite rotations, where two ways are equally short, one is chosen.
Matrix3 slerp(const Matrix3& a, const Matrix3& b, double weight);

// The rotation nearest to `matrix` (least squares): takes away what smoothing or rounding did to its axes.
// A matrix that is no turned and stretched frame at all (determinant not above 0) comes back unchanged.
Matrix3 nearest_rotation(const Matrix3& matrix);

// How far apart two rotations are, in degrees, 0 ... 180.
double angle_between(const Matrix3& a, const Matrix3& b);

}  // namespace animate::motion
