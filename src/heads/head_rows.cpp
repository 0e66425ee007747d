#include "heads/head_rows.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace animate::heads {

static_assert(std::is_trivially_copyable_v<HeadRow> && sizeof(HeadRow) % sizeof(float) == 0);

Quadric make_quadric(const Vector3& centre, const std::array<Vector3, 3>& axes) {
  double xx = 0, xy = 0, yy = 0, xz = 0, yz = 0, zz = 0;
  for (const auto& [x, y, z] : axes) {
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xz += x * z;
    yz += y * z;
    zz += z * z;
  }
  const double determinant = std::max(xx * yy - xy * xy, 1e-12);
  const double q11 = yy / determinant, q12 = -xy / determinant, q22 = xx / determinant;
  const double lx = q11 * xz + q12 * yz, ly = q12 * xz + q22 * yz;
  const double rise = std::sqrt(std::max(zz - lx * xz - ly * yz, 1e-10));
  const auto f = [](double value) { return static_cast<float>(value); };
  return {f(centre[0]), f(centre[1]), f(centre[2]), f(q11), f(q12), f(q22), f(lx), f(ly), f(rise)};
}

namespace {

Vector3 operator-(const Vector3& a, const Vector3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
Vector3 middle(const Vector3& a, const Vector3& b) { return {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2}; }

// Places ellipsoids that are given in the head's own coordinates.
class Placer {
 public:
  explicit Placer(const Pose& pose) : pose_(pose), rotation_(rotation_of(pose)) {}

  // `tilt` turns it about the x axis, in radians, before the head is turned.
  Quadric operator()(const Vector3& centre, const Vector3& radii, double tilt = 0) const {
    const double c = std::cos(tilt), s = std::sin(tilt);
    return make_quadric(place(pose_, centre), {axis({radii[0], 0, 0}), axis({0, c * radii[1], s * radii[1]}),
                                               axis({0, -s * radii[2], c * radii[2]})});
  }

 private:
  Vector3 axis(const Vector3& direction) const {
    Vector3 turned = turn(rotation_, direction);
    for (double& value : turned) value *= pose_.scale;
    return turned;
  }

  Pose pose_;
  Matrix3 rotation_;
};

void add_nose(HeadRow& row, const Placer& placed) {
  const Identity& identity = row.head.identity;
  const double w = identity.face_width, width = identity.nose_width * w;
  const double tip_v = nose_tip_v(identity), lift = nose_tip_lift(identity);
  Vector3 tip = surface_point(identity, 0, tip_v, lift);
  const double ball = 0.6 * width;
  tip[2] -= ball;  // the keypoint lies on the ball's front
  row.tip = placed(tip, {ball * 1.15, ball, ball});
  const Vector3 root = surface_point(identity, 0, identity.eye_y - 0.06, -0.03 * w);
  const Vector3 along = tip - root;
  const double half = std::hypot(along[1], along[2]) / 2;
  row.bridge = placed(middle(root, tip), {0.6 * width, half * 1.15, 0.6 * width}, std::atan2(along[2], along[1]));
  for (const double side : {-1.0, 1.0}) {
    const Vector3 wing = surface_point(identity, side * 0.62 * identity.nose_width, tip_v + 0.03, 0.25 * lift);
    (side < 0 ? row.left_wing : row.right_wing) = placed(wing, {0.42 * width, 0.42 * width, 0.6 * width});
  }
}

void add_ears(HeadRow& row, const Placer& placed) {
  const Identity& identity = row.head.identity;
  const double w = identity.face_width, h = identity.face_height, size = identity.ear_size * h;
  for (const double side : {-1.0, 1.0}) {
    const double ring = 0.055 * w * std::max(identity.earrings, 0.1F);
    (side < 0 ? row.left_ear : row.right_ear) =
        placed({side * 1.03 * w, 0.04 * h, -0.08 * w}, {0.12 * w, size, 0.2 * w}, 0.15);
    (side < 0 ? row.left_ring : row.right_ring) =
        placed({side * 1.07 * w, 0.04 * h + size + ring, -0.02 * w}, {ring, ring * 1.3, ring});
  }
}

void add_body(HeadRow& row) {
  const auto& [identity, pose, expression, scene] = row.head;
  const double scale = pose.scale, w = identity.face_width * scale;
  // The body follows the head's shift by half.
  const double x = 0.5 + 0.5 * pose.x, y = kCentreY + 0.4 * pose.y;
  row.body_x = static_cast<float>(x);
  row.body_y = static_cast<float>(y);
  const double shoulders = y + (identity.face_height * 0.8 + 0.13) * scale;
  row.torso = make_quadric({x, shoulders + 0.34 * scale, -0.18 * scale},
                           {{{0.55 * scale, 0, 0}, {0, 0.34 * scale, 0.03 * scale}, {0, 0, 0.24 * scale}}});
  const Vector3 top = place(pose, {0, 0.5 * identity.face_height, -0.25 * identity.face_width});
  const Vector3 bottom{x, shoulders + 0.05 * scale, -0.5 * w};
  const Vector3 along = bottom - top;
  const double length = std::max(std::hypot(along[0], along[1]), 1e-3), stretch = 0.85;
  const double width = 0.6 * w;
  row.neck_x = static_cast<float>(along[0] * stretch), row.neck_y = static_cast<float>(along[1] * stretch);
  row.neck = make_quadric(middle(top, bottom), {{{along[0] * stretch, along[1] * stretch, 0},
                                                 {-along[1] / length * width, along[0] / length * width, 0},
                                                 {0, 0, 0.55 * w}}});
}

void add_hair(HeadRow& row, const Placer& placed) {
  const Identity& identity = row.head.identity;
  const double w = identity.face_width, h = identity.face_height;
  const double skull_x = w / std::sqrt(0.85), skull_y = h / std::sqrt(0.6), skull_z = 0.95 * w;
  const double volume = identity.hat_on > 0 ? std::min(identity.hair_volume, 0.07F) : identity.hair_volume;
  const double full = 1.02 + volume;
  row.hair = placed({0, -0.03 * h, -0.04 * w}, {skull_x * full, skull_y * (1.0 + 0.6 * volume), skull_z * full});
  const double down = identity.back_length;
  row.back_hair = placed({0, (down - 0.95) * 0.45 * h, -0.62 * w}, {1.1 * w * full, (0.8 + 0.55 * down) * h, 0.45 * w});
  const double bun = 0.42 * w * std::max(identity.bun, 0.1F);
  row.bun = placed({0, -1.3 * h - 0.4 * bun, -0.3 * w}, {bun, bun * 0.85, bun});
  row.crown = placed({0, -0.08 * h, -0.03 * w}, {skull_x * (full + 0.05), skull_y * 1.07, skull_z * (full + 0.06)});
  const double line = identity.hat_line * h;
  const double reach = (1.15 + 0.8 * identity.brim) * w;
  row.brim = identity.cap > 0 ? placed({0, line + 0.06 * h, 0.85 * w}, {0.8 * w, 0.045 * h, 0.72 * w}, -0.12)
                              : placed({0, line, -0.03 * w}, {reach * 1.05, 0.05 * h, reach}, 0.05);
}

}  // namespace

HeadRow make_row(const Head& head) {
  HeadRow row{};
  row.head = head;
  const auto& [identity, pose, expression, scene] = head;
  const Matrix3 r = rotation_of(pose);
  const double w = identity.face_width, h = identity.face_height;
  const auto f = [](double value) { return static_cast<float>(value); };
  const double to_w = 1 / (pose.scale * w), to_h = 1 / (pose.scale * h);
  row.u_x = f(r[0][0] * to_w), row.u_y = f(r[1][0] * to_w), row.u_z = f(r[2][0] * to_w);
  row.v_x = f(r[0][1] * to_h), row.v_y = f(r[1][1] * to_h), row.v_z = f(r[2][1] * to_h);
  row.w_x = f(r[0][2] * to_w), row.w_y = f(r[1][2] * to_w), row.w_z = f(r[2][2] * to_w);
  row.centre_x = f(kCentreX + pose.x), row.centre_y = f(kCentreY + pose.y);
  row.unit = f(pose.scale * w);
  row.aspect = f(h / w);
  row.brow_v = f(brow_centre_v(identity, expression));
  row.tip_v = f(nose_tip_v(identity));
  row.mouth_half = f(mouth_half_width(identity, expression));

  const Placer placed(pose);
  row.skull = placed({0, 0, 0}, {w / std::sqrt(0.85), h / std::sqrt(0.6), 0.95 * w});
  // Ends at (0, 1) of the face, whose depth is 0.95 sqrt(0.4) = 0.6 face widths.
  row.jaw = placed({0, -0.35 * h, 0.6 * w}, {identity.jaw_width * w, 1.35 * h, 1.6 * w});
  add_nose(row, placed);
  add_ears(row, placed);
  add_body(row);
  add_hair(row, placed);
  return row;
}

}  // namespace animate::heads
