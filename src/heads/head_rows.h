#pragma once

#include "heads/head_geometry.h"
#include "heads/head_parameters.h"

namespace animate::heads {

// An ellipsoid, turned and placed, as the renderer wants it. With d = (x, y) - c a ray along z enters it where
// k = d^T Q d <= 1, at depth cz + l.d + rise sqrt(1 - k). For an ellipsoid with half axes a_i and S = sum a_i a_i^T
// this is Q = (S_xy)^-1, l = Q S_xz, rise^2 = S_zz - l.S_xz: what conditioning does to a Gaussian.
struct Quadric {
  float cx = 0, cy = 0, cz = 0;
  float q11 = 0, q12 = 0, q22 = 0;
  float lx = 0, ly = 0;
  float rise = 0;
};

Quadric make_quadric(const Vector3& centre, const std::array<Vector3, 3>& axes);

// All numbers of one head, floats only: a row of the table from which the renderer works (columns.h).
struct HeadRow {
  Head head;
  // From the picture to (u, v, depth in face widths) of the head: the rows of R^T / (scale fw), ... fh, ... fw.
  float u_x, u_y, u_z, v_x, v_y, v_z, w_x, w_y, w_z;
  float centre_x, centre_y;
  float unit;            // one u in picture sides
  float aspect;          // face height / face width
  float body_x, body_y;  // where the torso's pattern is fixed
  float neck_x, neck_y;  // from the neck's middle to its lower end
  float brow_v, tip_v, mouth_half;
  Quadric skull, jaw;  // the head is their intersection
  Quadric bridge, tip, left_wing, right_wing;
  Quadric left_ear, right_ear, left_ring, right_ring;
  Quadric neck, torso;
  Quadric hair, back_hair, bun, crown, brim;
};

HeadRow make_row(const Head& head);

}  // namespace animate::heads
