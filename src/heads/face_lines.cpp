#include "heads/face_lines.h"

namespace animate::heads {

namespace {

using torch::Tensor;

}  // namespace

EyeLines eye_lines(const Columns& columns, const Tensor& across, const Tensor& side, const Tensor& v) {
  const Identity& who = columns.row.head.identity;
  const Expression& mood = columns.row.head.expression;
  EyeLines eye;
  eye.width = columns(who.eye_width);
  eye.height = eye.width * 0.56 * columns(who.eye_height);
  eye.open = torch::where(side < 0, columns(mood.left_eye), columns(mood.right_eye));
  eye.x = (across - columns(who.eye_x)) / eye.width;
  eye.y = v - columns(who.eye_y);
  eye.arch = (1 - eye.x * eye.x).clamp_min_(0);
  // Shut, both lids meet in a line that hangs a little.
  const auto shut = (1 - eye.open) * (eye.height * 0.16);
  eye.upper = eye.arch * (shut - eye.open * eye.height);
  eye.lower = eye.arch * (shut + eye.open * (eye.height * 0.78));
  eye.thick = eye.width * 0.09 * (0.75 + 0.5 * eye.x.clamp(-1, 1));
  return eye;
}

BrowLines brow_lines(const Columns& columns, const Tensor& across) {
  const Identity& who = columns.row.head.identity;
  const Expression& mood = columns.row.head.expression;
  BrowLines brow;
  brow.width = columns(who.eye_width) * 1.2;
  brow.x = (across - columns(who.eye_x)) / brow.width;
  const auto& x = brow.x;
  brow.middle = columns(columns.row.brow_v) + x * x * (0.05 * columns(who.brow_arch)) + x * (0.04 * columns(mood.brow));
  brow.thick = columns(who.brow_thickness) * (0.85 - 0.45 * x.clamp(-1, 1)) * (1 - squared(squared(x))).clamp_min_(0);
  return brow;
}

MouthLines mouth_lines(const Columns& columns, const Tensor& x) {
  const Identity& who = columns.row.head.identity;
  const Expression& mood = columns.row.head.expression;
  const auto full = columns(who.lip_fullness), open = columns(mood.mouth) * 0.24;
  const auto xx = (x * x).clamp_max_(1.3);
  MouthLines mouth;
  mouth.arch = (1 - xx).clamp_min_(0);
  mouth.bow = (xx - 0.4) * (0.10 * columns(mood.smile));
  // A small dip in the middle of the upper lip.
  const auto dip = spot(x * 5, x * 0) * 0.3;
  const auto& arch = mouth.arch;
  mouth.top = arch * (1 - dip) * (-0.045 * full - open * 0.25);
  mouth.bottom = arch * (0.07 * full + open);
  mouth.inner_top = arch * (-0.002 - open * 0.2);
  mouth.inner_bottom = arch * (0.002 + open * 0.86);
  mouth.teeth_edge = mouth.inner_top + arch * (0.01 + open * 0.27);
  return mouth;
}

Tensor beard_of(const Columns& columns, const Tensor& u, const Tensor& v) {
  const Identity& who = columns.row.head.identity;
  const auto across = u.abs();
  const auto hollow = squared(across / 0.66).addcmul_((v - 0.12) / 0.52, (v - 0.12) / 0.52);
  const auto bare = squared(u / (columns(who.mouth_width) * 1.15)).add_(squared((v - columns(who.mouth_y)) / 0.14));
  const auto grown = smooth_step(hollow, 0.92, 1.18) * smooth_step(v, 0.0, 0.2);
  return torch::maximum(grown, smooth_step(v, 0.66, 0.74)).mul_(smooth_step(bare, 0.9, 1.15));
}

Tensor moustache_of(const Columns& columns, const Tensor& u, const Tensor& v) {
  const Identity& who = columns.row.head.identity;
  const auto x = u / (columns(who.mouth_width) * 1.2);
  const auto arch = (1 - x * x).clamp_min_(0);
  return arch * 0.055 - (v - (columns(who.mouth_y) - 0.1 - 0.03 * arch + 0.05 * x * x)).abs_();
}

GlassesLines glasses_lines(const Columns& columns, const Tensor& across, const Tensor& v) {
  const Identity& who = columns.row.head.identity;
  const auto aspect = columns(columns.row.aspect);
  const auto ex = columns(who.eye_x), width = columns(who.eye_width) * 1.38;
  GlassesLines glasses;
  glasses.x = (across - ex) / width;
  glasses.y = (v - columns(who.eye_y) - 0.02) * aspect / (width * 0.9);
  const auto& x = glasses.x;
  const auto& y = glasses.y;
  // Between a circle and a rounded square.
  const auto round = (x * x).addcmul_(y, y).sqrt_();
  const auto square = (squared(squared(x)) + squared(squared(y))).sqrt_().sqrt_();
  const auto radius = square + (round - square) * columns(who.round_glasses);
  glasses.distance = (1 - radius) * width;
  const auto bar_v = (v - columns(who.eye_y) + 0.05).abs_() * aspect;
  const auto outside = (across - ex).abs_() - width;
  glasses.frame = torch::maximum(0.03 - glasses.distance.abs(), torch::minimum(0.024 - bar_v, outside));
  return glasses;
}

Tensor squared(const Tensor& x) { return x * x; }

Tensor spot(const Tensor& x, const Tensor& y) {
  auto left = (x * x).addcmul_(y, y).mul_(-0.25).add_(1).clamp_min_(0);
  left.mul_(left);
  return left.mul_(left);
}

}  // namespace animate::heads
