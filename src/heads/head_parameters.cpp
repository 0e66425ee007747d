#include "heads/head_parameters.h"

#include <algorithm>
#include <cmath>

#include "heads/counter_random.h"

namespace animate::heads {
namespace {

// One stream a subject: a new draw for hair does not change anybody's eyes.
enum Stream : uint64_t { kColors = 1, kForm, kHair, kWear, kSkin, kLight, kBackdrop, kCamera, kPose, kExpression };

// hue in turns, saturation and value 0..1
Color from_hsv(float hue, float saturation, float value) {
  hue -= std::floor(hue);
  const auto channel = [&](float offset) {
    float turn = hue * 6 + offset;
    turn -= 6 * std::floor(turn / 6);
    return value - value * saturation * std::clamp(std::min(turn, 4 - turn), 0.0F, 1.0F);
  };
  return {channel(5), channel(3), channel(1)};
}

Color any_color(CounterRandom& random, float low_saturation, float high_saturation, float low_value, float high_value) {
  const float hue = random.unit();
  const float saturation = random.between(low_saturation, high_saturation);
  return from_hsv(hue, saturation, random.between(low_value, high_value));
}

void sample_colors(Identity& identity, uint64_t seed) {
  CounterRandom random(seed, kColors);
  // Skin from deep brown to pale: darker skin is more saturated; now and then a figure of fantasy.
  const float depth = random.unit();
  const float hue = random.between(0.035F, 0.085F);
  identity.skin = from_hsv(hue, 0.28F + 0.38F * depth + random.bell(0.05F), 0.97F - 0.58F * depth);
  if (random.chance(0.06F)) identity.skin = any_color(random, 0.25F, 0.55F, 0.5F, 0.9F);
  const float lip_tone = random.between(0.75F, 1.05F);
  const float paint = random.between(0.25F, 0.8F);
  identity.lips = {std::min(1.0F, identity.skin.r * lip_tone * 0.95F), identity.skin.g * lip_tone * (1 - 0.55F * paint),
                   identity.skin.b * lip_tone * (1 - 0.4F * paint)};
  const bool dyed = random.chance(0.18F);
  const bool gray = random.chance(0.12F);
  const float value = random.unit();
  identity.hair =
      dyed   ? any_color(random, 0.4F, 0.9F, 0.35F, 0.9F)
      : gray ? from_hsv(0.1F, 0.05F, random.between(0.5F, 0.92F))
             : from_hsv(random.between(0.03F, 0.11F), random.between(0.3F, 0.75F), 0.08F + 0.72F * value * value);
  const float brow = random.between(0.45F, 0.85F);
  identity.brow = {identity.hair.r * brow, identity.hair.g * brow, identity.hair.b * brow};
  const float eye = random.unit();
  identity.iris =
      eye < 0.45F   ? from_hsv(random.between(0.04F, 0.09F), 0.7F, random.between(0.22F, 0.5F))
      : eye < 0.75F ? from_hsv(random.between(0.52F, 0.62F), random.between(0.3F, 0.7F), random.between(0.45F, 0.8F))
      : eye < 0.92F ? from_hsv(random.between(0.22F, 0.4F), random.between(0.3F, 0.6F), random.between(0.35F, 0.65F))
                    : any_color(random, 0.3F, 0.9F, 0.3F, 0.8F);
  identity.shirt = any_color(random, 0.05F, 0.85F, 0.15F, 0.95F);
  identity.trim = any_color(random, 0.05F, 0.85F, 0.15F, 0.95F);
  identity.hat = any_color(random, 0.05F, 0.85F, 0.12F, 0.9F);
  identity.frame = random.chance(0.6F) ? Color{0.07F, 0.06F, 0.06F} : any_color(random, 0.3F, 0.8F, 0.25F, 0.75F);
}

void sample_form(Identity& identity, uint64_t seed) {
  CounterRandom random(seed, kForm);
  identity.face_width = random.between(0.22F, 0.27F);
  identity.face_height = random.between(0.285F, 0.345F);
  identity.jaw_width = random.between(1.02F, 1.42F);
  identity.cheek = random.unit();
  identity.ear_size = random.between(0.15F, 0.25F);
  identity.eye_x = random.between(0.36F, 0.45F);
  identity.eye_y = random.between(-0.16F, -0.04F);
  identity.eye_width = random.between(0.18F, 0.26F);
  identity.eye_height = random.between(0.6F, 1.05F);
  identity.brow_thickness = random.between(0.022F, 0.06F);
  identity.brow_height = random.between(0.2F, 0.29F);
  identity.brow_arch = random.between(0.0F, 1.2F);
  identity.nose_length = random.between(0.24F, 0.36F);
  identity.nose_width = random.between(0.10F, 0.19F);
  identity.nose_height = random.between(0.16F, 0.34F);
  identity.mouth_y = random.between(0.48F, 0.56F);
  identity.mouth_width = random.between(0.27F, 0.42F);
  identity.lip_fullness = random.between(0.6F, 1.7F);
}

void sample_hair(Identity& identity, uint64_t seed) {
  CounterRandom random(seed, kHair);
  identity.hair_on = random.chance(0.92F) ? 1.0F : 0.0F;
  identity.hair_volume = random.between(0.04F, 0.15F);
  identity.hairline = random.between(-0.78F, -0.5F);
  identity.parting = random.chance(0.5F) ? random.bell(0.35F) : 0.0F;
  identity.fringe = random.chance(0.5F) ? random.between(0.02F, 0.16F) : 0.0F;
  const bool is_long = random.chance(0.45F);
  identity.side_length = is_long ? random.between(0.25F, 0.8F) : random.between(-0.15F, 0.25F);
  identity.back_length = is_long ? random.between(0.5F, 1.9F) : 0.0F;
  if (random.chance(0.22F)) {
    identity.curl = random.between(0.3F, 1.0F);
    identity.hair_volume += random.between(0.02F, 0.2F);
  }
  identity.bun = !is_long && random.chance(0.2F) ? random.between(0.6F, 1.1F) : 0.0F;
  const float hairy = random.unit();
  const bool bearded = hairy < 0.2F && !is_long;
  identity.beard = bearded ? random.between(0.75F, 1.0F) : 0.0F;
  identity.moustache = bearded || (hairy < 0.28F && !is_long) ? random.between(0.75F, 1.0F) : 0.0F;
  identity.stubble = random.chance(0.15F) && !is_long ? random.between(0.15F, 0.4F) : 0.0F;
  identity.hair_texture = random.between(0.05F, 0.5F);
}

void sample_wear(Identity& identity, uint64_t seed) {
  CounterRandom random(seed, kWear);
  identity.glasses = random.chance(0.2F) ? 1.0F : 0.0F;
  identity.round_glasses = random.unit();
  identity.tint = random.chance(0.15F) ? random.between(0.2F, 0.6F) : 0.05F;
  const int hat = random.pick(12);  // 0 beanie, 1 cap, 2 brimmed, else none
  identity.hat_on = hat <= 2 ? 1.0F : 0.0F;
  identity.cap = hat == 1 ? 1.0F : 0.0F;
  identity.brim = hat == 2 ? random.between(0.3F, 0.7F) : 0.0F;
  identity.hat_line = random.between(-0.68F, -0.52F);
  identity.earrings = random.chance(0.2F) ? random.between(0.6F, 1.2F) : 0.0F;
  const int pattern = random.pick(6);
  identity.stripes = pattern == 0 ? 1.0F : 0.0F;
  identity.checks = pattern == 1 ? 1.0F : 0.0F;
  identity.dots = pattern == 2 ? 1.0F : 0.0F;
  identity.pattern_scale = random.between(8, 22);
  identity.collar = random.chance(0.6F) ? 1.0F : 0.0F;
}

void sample_skin(Identity& identity, uint64_t seed) {
  CounterRandom random(seed, kSkin);
  identity.freckles = random.chance(0.15F) ? random.between(0.3F, 1.0F) : 0.0F;
  identity.blush = random.between(0, 0.45F);
  identity.skin_texture = random.between(0.0F, 0.12F);
  identity.texture_seed = static_cast<float>(random.bits() >> 40);
}

}  // namespace

Identity sample_identity(uint64_t seed) {
  Identity identity;
  sample_colors(identity, seed);
  sample_form(identity, seed);
  sample_hair(identity, seed);
  sample_wear(identity, seed);
  sample_skin(identity, seed);
  return identity;
}

Scene sample_scene(uint64_t seed) {
  Scene scene;
  CounterRandom light(seed, kLight);
  scene.light_x = light.between(-0.9F, 0.9F);
  scene.light_y = light.between(-0.9F, 0.2F);
  scene.light_z = light.between(0.45F, 1.0F);
  const float warmth = light.bell(0.07F);
  scene.light = {1 + warmth, 1, 1 - warmth};
  scene.ambient = light.between(0.3F, 0.6F);
  scene.shading = light.chance(0.25F) ? light.between(0, 0.35F) : light.between(0.6F, 1);
  scene.gloss = light.between(0.02F, 0.3F);
  scene.outline = light.chance(0.2F) ? light.between(0.4F, 0.9F) : 0.0F;

  CounterRandom backdrop(seed, kBackdrop);
  scene.backdrop_a = any_color(backdrop, 0.02F, 0.6F, 0.15F, 0.97F);
  scene.backdrop_b = any_color(backdrop, 0.02F, 0.6F, 0.15F, 0.97F);
  scene.backdrop_x = backdrop.between(-1, 1);
  scene.backdrop_y = backdrop.between(-1, 1);
  const int kind = backdrop.pick(4);  // plain, textured wall, stripes, things
  scene.backdrop_texture = kind == 1 ? backdrop.between(0.3F, 1) : backdrop.between(0, 0.15F);
  scene.backdrop_stripes = kind == 2 ? backdrop.between(4, 14) : 0.0F;
  scene.vignette = backdrop.between(0, 0.35F);
  for (Shape& shape : scene.shapes) {
    shape.on = kind == 3 && backdrop.chance(0.85F) ? backdrop.between(0.5F, 1) : 0.0F;
    shape.x = backdrop.unit();
    shape.y = backdrop.unit();
    shape.size = backdrop.between(0.05F, 0.25F);
    shape.stretch = backdrop.between(0.4F, 1);
    shape.angle = backdrop.between(0, 3.14F);
    shape.square = backdrop.chance(0.5F) ? 1.0F : 0.0F;
    shape.color = any_color(backdrop, 0.1F, 0.8F, 0.15F, 0.95F);
  }

  CounterRandom camera(seed, kCamera);
  scene.blur = camera.chance(0.35F) ? camera.between(0, 1) : 0.0F;
  scene.noise = camera.chance(0.4F) ? camera.between(0, 0.03F) : 0.0F;
  scene.grain = camera.chance(0.35F) ? camera.between(0.1F, 1) : 0.0F;
  scene.exposure = camera.between(0.85F, 1.12F);
  scene.noise_seed = static_cast<float>(camera.bits() >> 40);
  return scene;
}

Pose sample_pose(uint64_t seed, uint64_t index, float wildness) {
  CounterRandom random(mix_bits(seed) + index, kPose);
  Pose pose;
  pose.x = random.bell(0.07F * wildness);
  pose.y = random.bell(0.05F * wildness);
  pose.scale = std::exp(random.bell(0.08F * wildness));
  pose.roll = random.bell(0.18F * wildness);
  pose.yaw = random.bell(0.35F * wildness);
  pose.pitch = random.bell(0.22F * wildness);
  return pose;
}

Expression sample_expression(uint64_t seed, uint64_t index) {
  CounterRandom random(mix_bits(seed) + index, kExpression);
  const auto openness = [&] { return std::clamp(random.between(-0.2F, 1.3F), 0.0F, 1.0F); };
  Expression expression;
  expression.left_eye = openness();
  expression.right_eye = random.chance(0.2F) ? openness() : expression.left_eye;
  expression.mouth = std::clamp(random.bell(0.5F), 0.0F, 1.0F);
  expression.smile = random.bell(0.5F);
  expression.brow = random.bell(0.5F);
  expression.gaze_x = random.bell(0.4F);
  expression.gaze_y = random.bell(0.3F);
  return expression;
}

Head sample_head(uint64_t seed, uint64_t index, float wildness) {
  Head head{sample_identity(seed), sample_pose(seed, index, wildness), sample_expression(seed, index),
            sample_scene(seed)};
  head.scene.noise_seed = static_cast<float>(mix_bits(mix_bits(seed) ^ index) >> 40);
  return head;
}

}  // namespace animate::heads
