#pragma once

#include "heads/head_rows.h"

// The numbers of a HeadRow one after the other, by the names of its members: how a row becomes a line of a table.
namespace animate::heads {

// Calls action(const float&) for each of them, always in the same order; r, g, b of a colour follow each other.
template <typename Action>
void for_each_number(const Color& color, Action&& action) {
  for (const float* number : {&color.r, &color.g, &color.b}) action(*number);
}

template <typename Action>
void for_each_number(const Identity& who, Action&& action) {
  for (const Color* color :
       {&who.skin, &who.lips, &who.hair, &who.brow, &who.iris, &who.shirt, &who.trim, &who.hat, &who.frame}) {
    for_each_number(*color, action);
  }
  for (const float* number :
       {&who.face_width,   &who.face_height,   &who.jaw_width,    &who.cheek,       &who.ear_size,
        &who.eye_x,        &who.eye_y,         &who.eye_width,    &who.eye_height,  &who.brow_thickness,
        &who.brow_height,  &who.brow_arch,     &who.nose_length,  &who.nose_width,  &who.nose_height,
        &who.mouth_y,      &who.mouth_width,   &who.lip_fullness, &who.hair_on,     &who.hair_volume,
        &who.hairline,     &who.parting,       &who.fringe,       &who.side_length, &who.back_length,
        &who.curl,         &who.bun,           &who.beard,        &who.moustache,   &who.stubble,
        &who.glasses,      &who.round_glasses, &who.tint,         &who.hat_on,      &who.brim,
        &who.cap,          &who.hat_line,      &who.earrings,     &who.stripes,     &who.checks,
        &who.dots,         &who.pattern_scale, &who.collar,       &who.freckles,    &who.blush,
        &who.skin_texture, &who.hair_texture,  &who.texture_seed}) {
    action(*number);
  }
}

template <typename Action>
void for_each_number(const Pose& pose, Action&& action) {
  for (const float* number : {&pose.x, &pose.y, &pose.scale, &pose.roll, &pose.yaw, &pose.pitch}) action(*number);
}

template <typename Action>
void for_each_number(const Expression& mood, Action&& action) {
  for (const float* number :
       {&mood.left_eye, &mood.right_eye, &mood.mouth, &mood.smile, &mood.brow, &mood.gaze_x, &mood.gaze_y}) {
    action(*number);
  }
}

template <typename Action>
void for_each_number(const Scene& scene, Action&& action) {
  for (const Color* color : {&scene.light, &scene.backdrop_a, &scene.backdrop_b}) for_each_number(*color, action);
  for (const float* number :
       {&scene.light_x, &scene.light_y, &scene.light_z, &scene.ambient, &scene.shading, &scene.gloss, &scene.outline,
        &scene.backdrop_x, &scene.backdrop_y, &scene.backdrop_texture, &scene.backdrop_stripes, &scene.vignette,
        &scene.blur, &scene.noise, &scene.grain, &scene.exposure, &scene.noise_seed}) {
    action(*number);
  }
  for (const Shape& shape : scene.shapes) {
    for (const float* number :
         {&shape.on, &shape.x, &shape.y, &shape.size, &shape.stretch, &shape.angle, &shape.square}) {
      action(*number);
    }
    for_each_number(shape.color, action);
  }
}

template <typename Action>
void for_each_number(const Quadric& solid, Action&& action) {
  for (const float* number :
       {&solid.cx, &solid.cy, &solid.cz, &solid.q11, &solid.q12, &solid.q22, &solid.lx, &solid.ly, &solid.rise}) {
    action(*number);
  }
}

template <typename Action>
void for_each_number(const HeadRow& row, Action&& action) {
  for_each_number(row.head.identity, action);
  for_each_number(row.head.pose, action);
  for_each_number(row.head.expression, action);
  for_each_number(row.head.scene, action);
  for (const float* number :
       {&row.u_x,    &row.u_y,    &row.u_z,      &row.v_x,      &row.v_y,   &row.v_z,       &row.w_x,
        &row.w_y,    &row.w_z,    &row.centre_x, &row.centre_y, &row.unit,  &row.aspect,    &row.body_x,
        &row.body_y, &row.neck_x, &row.neck_y,   &row.brow_v,   &row.tip_v, &row.mouth_half}) {
    action(*number);
  }
  for (const Quadric* solid : {&row.skull, &row.jaw, &row.bridge, &row.tip, &row.left_wing, &row.right_wing,
                               &row.left_ear, &row.right_ear, &row.left_ring, &row.right_ring, &row.neck, &row.torso,
                               &row.hair, &row.back_hair, &row.bun, &row.crown, &row.brim}) {
    for_each_number(*solid, action);
  }
}

}  // namespace animate::heads
