#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace animate::heads {

// What a drawn head is made of (heads/README.md#parameters). Every field is a float, also the amounts that are only 0
// or 1, so that a batch of heads is one table of numbers which travels to the renderer's device in one copy.

struct Color {
  float r = 0, g = 0, b = 0;  // 0..1
};

// Fixed for one head. Lengths in (u, v) are shares of face_width and face_height, the half sizes of the face in
// picture sides; v points down, the eyes lie at negative v.
struct Identity {
  Color skin, lips, hair, brow, iris, shirt, trim, hat, frame;
  float face_width = 0.25F, face_height = 0.32F;
  float jaw_width = 1.2F;  // 1.02 pointed .. 1.5 square
  float cheek = 0.5F;      // 0..1, how round the cheeks are
  float ear_size = 0.2F;   // half height in v
  float eye_x = 0.4F, eye_y = -0.1F;
  float eye_width = 0.23F, eye_height = 0.8F;
  float brow_thickness = 0.05F, brow_height = 0.2F, brow_arch = 0.5F;
  float nose_length = 0.28F, nose_width = 0.13F, nose_height = 0.3F;  // height in face widths, in front of the face
  float mouth_y = 0.5F, mouth_width = 0.36F, lip_fullness = 1;
  float hair_on = 1, hair_volume = 0.1F, hairline = -0.6F, parting = 0, fringe = 0, side_length = 0.2F;
  float back_length = 0;  // 0: none, in v below the eyes
  float curl = 0, bun = 0;
  float beard = 0, moustache = 0, stubble = 0;
  float glasses = 0, round_glasses = 1, tint = 0;
  float hat_on = 0, brim = 0, cap = 0, hat_line = -0.6F;
  float earrings = 0;
  float stripes = 0, checks = 0, dots = 0, pattern_scale = 12, collar = 0;
  float freckles = 0, blush = 0, skin_texture = 0.05F, hair_texture = 0.3F;
  float texture_seed = 0;  // 0..2^24 - 1
};

struct Pose {
  float x = 0, y = 0;  // shift in picture sides; y down
  float scale = 1;
  float roll = 0, yaw = 0, pitch = 0;  // radians: clockwise in the picture, towards its right, upwards
};

// left and right as seen in the picture.
struct Expression {
  float left_eye = 1, right_eye = 1;  // 0 shut .. 1 open
  float mouth = 0;                    // 0 shut .. 1 open
  float smile = 0, brow = 0;          // -1..1
  float gaze_x = 0, gaze_y = 0;       // -1..1
};

struct Shape {
  float on = 0, x = 0, y = 0, size = 0.1F, stretch = 1, angle = 0, square = 0;
  Color color;
};

// Light, backdrop and camera.
struct Scene {
  float light_x = -0.4F, light_y = -0.6F, light_z = 0.7F;  // towards the light: right, down, out of the picture
  Color light{1, 1, 1};
  float ambient = 0.4F, shading = 1, gloss = 0.2F;  // shading 0: flat as a drawing
  float outline = 0;                                // 0..1, ink around the forms
  Color backdrop_a{0.5F, 0.6F, 0.7F}, backdrop_b{0.7F, 0.7F, 0.7F};
  float backdrop_x = 0, backdrop_y = 1;  // direction of its gradient
  float backdrop_texture = 0, backdrop_stripes = 0, vignette = 0;
  std::array<Shape, 3> shapes{};
  float blur = 0, noise = 0, grain = 0, exposure = 1;  // grain: the strength of 8 x 8 block compression
  float noise_seed = 0;
};

struct Head {
  Identity identity;
  Pose pose;
  Expression expression;
  Scene scene;
};

// The same seed gives the same numbers everywhere (counter_random.h).
Identity sample_identity(uint64_t seed);
Scene sample_scene(uint64_t seed);
// `wildness` scales the deviations of heads/README.md#ranges; each value is clipped at two deviations.
Pose sample_pose(uint64_t seed, uint64_t index, float wildness = 1);
Expression sample_expression(uint64_t seed, uint64_t index);
// Frame `index` of head `seed`: identity and scene by the seed, pose and expression by both; the camera's noise differs
// from frame to frame.
Head sample_head(uint64_t seed, uint64_t index, float wildness = 1);

}  // namespace animate::heads
