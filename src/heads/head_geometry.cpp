#include "heads/head_geometry.h"

#include <algorithm>
#include <cmath>

namespace animate::heads {

Matrix3 rotation_of(const Pose& pose) {
  const double cr = std::cos(pose.roll), sr = std::sin(pose.roll);
  const double cy = std::cos(pose.yaw), sy = std::sin(pose.yaw);
  const double cp = std::cos(pose.pitch), sp = std::sin(pose.pitch);
  return {{{cr * cy, cr * sy * sp - sr * cp, cr * sy * cp + sr * sp},
           {sr * cy, sr * sy * sp + cr * cp, sr * sy * cp - cr * sp},
           {-sy, cy * sp, cy * cp}}};
}

Vector3 turn(const Matrix3& rotation, const Vector3& point) {
  Vector3 turned{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < 3; ++j) turned[i] += rotation[i][j] * point[j];
  }
  return turned;
}

Vector3 surface_point(const Identity& identity, double u, double v, double lift) {
  const double depth = std::sqrt(std::max(0.0, 1 - 0.85 * u * u - 0.6 * v * v));
  return {u * identity.face_width, v * identity.face_height, 0.95 * identity.face_width * depth + lift};
}

Vector3 place(const Pose& pose, const Vector3& point) {
  const Vector3 turned = turn(rotation_of(pose), point);
  return {kCentreX + pose.x + pose.scale * turned[0], kCentreY + pose.y + pose.scale * turned[1],
          pose.scale * turned[2]};
}

double brow_centre_v(const Identity& identity, const Expression& expression) {
  return identity.eye_y - identity.brow_height - 0.10 * expression.brow;
}

double nose_tip_v(const Identity& identity) { return identity.eye_y + identity.nose_length + 0.08; }

double nose_tip_lift(const Identity& identity) { return identity.nose_height * identity.face_width; }

double mouth_half_width(const Identity& identity, const Expression& expression) {
  return identity.mouth_width * (1 + 0.15 * expression.smile - 0.2 * expression.mouth);
}

double mouth_line_v(const Identity& identity, const Expression& expression, double x) {
  return identity.mouth_y - 0.10 * expression.smile * (x * x - 0.4);
}

double lower_lip_v(const Identity& identity, const Expression& expression) {
  return mouth_line_v(identity, expression, 0) + 0.24 * 0.93 * expression.mouth + 0.035 * identity.lip_fullness;
}

double upper_lip_v(const Identity& identity, const Expression& expression) {
  // The dip in its middle takes three tenths of its upper edge away (face_lines.cpp).
  const double edge = 0.7 * (0.045 * identity.lip_fullness + 0.06 * expression.mouth);
  const double inner = 0.002 + 0.048 * expression.mouth;
  return mouth_line_v(identity, expression, 0) - (edge + inner) / 2;
}

namespace {

double eye_height(const Identity& identity) { return identity.eye_width * 0.56 * identity.eye_height; }

}  // namespace

double upper_lid_v(const Identity& identity, double open) {
  return identity.eye_y + eye_height(identity) * (0.16 * (1 - open) - open);
}

double lower_lid_v(const Identity& identity, double open) {
  return identity.eye_y + eye_height(identity) * (0.16 * (1 - open) + 0.78 * open);
}

HeadTruth truth_of(const Head& head) {
  const auto& [identity, pose, expression, scene] = head;
  const double brow = brow_centre_v(identity, expression);
  const double half = mouth_half_width(identity, expression);
  const double corner = mouth_line_v(identity, expression, 1);
  const std::array<Vector3, kKeypoints> points{
      surface_point(identity, -identity.eye_x, identity.eye_y),
      surface_point(identity, identity.eye_x, identity.eye_y),
      surface_point(identity, 0, nose_tip_v(identity), nose_tip_lift(identity)),
      surface_point(identity, -half, corner),
      surface_point(identity, half, corner),
      surface_point(identity, 0, lower_lip_v(identity, expression)),
      surface_point(identity, 0, 1),
      surface_point(identity, -1, 0),
      surface_point(identity, 1, 0),
      surface_point(identity, 0, -1.05),
      surface_point(identity, -identity.eye_x, brow),
      surface_point(identity, identity.eye_x, brow),
      surface_point(identity, -identity.eye_x, upper_lid_v(identity, expression.left_eye)),
      surface_point(identity, -identity.eye_x, lower_lid_v(identity, expression.left_eye)),
      surface_point(identity, identity.eye_x, upper_lid_v(identity, expression.right_eye)),
      surface_point(identity, identity.eye_x, lower_lid_v(identity, expression.right_eye)),
      surface_point(identity, 0, upper_lip_v(identity, expression)),
  };
  const Matrix3 rotation = rotation_of(pose);
  HeadTruth truth;
  for (size_t k = 0; k < kKeypoints; ++k) {
    const Vector3 placed = place(pose, points[k]);
    truth.points[k] = {static_cast<float>(2 * placed[0] - 1), static_cast<float>(2 * placed[1] - 1)};
    double squeeze = 1;
    if (k == kLeftEye) squeeze = 0.15 + 0.85 * expression.left_eye;
    if (k == kRightEye) squeeze = 0.15 + 0.85 * expression.right_eye;
    if (k == kLowerLip) squeeze = 0.3 + expression.mouth;
    truth.frames[k] = {
        static_cast<float>(pose.scale * rotation[0][0]), static_cast<float>(pose.scale * rotation[0][1] * squeeze),
        static_cast<float>(pose.scale * rotation[1][0]), static_cast<float>(pose.scale * rotation[1][1] * squeeze)};
    // The face's outward direction at a point of the ellipsoid is its position divided by the squared half axes.
    const Vector3& p = points[k];
    const double w = identity.face_width, h = identity.face_height;
    const double lift = k == kNoseTip ? nose_tip_lift(identity) : 0;
    const Vector3 outward{0.85 * p[0] / (w * w), 0.6 * p[1] / (h * h), (p[2] - lift) / (0.9025 * w * w)};
    truth.visible[k] = turn(rotation, outward)[2] > 0;
  }
  return truth;
}

}  // namespace animate::heads
