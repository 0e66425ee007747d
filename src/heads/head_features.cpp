#include "heads/head_features.h"

#include "heads/face_lines.h"
#include "heads/value_noise.h"

namespace animate::heads {
namespace {

using torch::Tensor;

// A bell of height 1 around 0; x and y already divided by its widths.
Tensor bell(const Tensor& x, const Tensor& y) { return (x * x).addcmul_(y, y).neg_().exp_(); }

Tensor color_of(double r, double g, double b, const Tensor& like) {
  return torch::tensor({r, g, b}, torch::kFloat32).view({1, 3, 1, 1}).to(like.device());
}

class FacePainter {
 public:
  FacePainter(const Columns& columns, const FaceMap& map, bool flat, Tensor& skin)
      : c_(columns),
        who_(columns.row.head.identity),
        mood_(columns.row.head.expression),
        m_(map),
        flat_(flat),
        skin_(skin),
        tone_(columns(who_.skin)),
        aspect_(columns(columns.row.aspect)) {}

  void paint_skin() {
    if (c_.any(who_.blush)) {
      const auto glow = spot((m_.across - 0.52).mul_(1 / 0.24), (m_.v - 0.27).mul_(1 / 0.19));
      blend(skin_, tone_ * color_of(1.02, 0.66, 0.66, tone_), glow * c_(who_.blush));
    }
    const auto seed = c_(who_.texture_seed);
    if (c_.any(who_.skin_texture)) {
      const auto grain = value_noise(seed, 1, m_.u * 14, m_.v * 14).add_(value_noise(seed, 2, m_.u * 5, m_.v * 5));
      skin_.mul_((grain.mul_(c_(who_.skin_texture) * 0.5)).add_(1).unsqueeze(1));
    }
    if (c_.any(who_.freckles)) {
      const auto dots = value_noise(seed, 3, m_.u * 22, m_.v * 22).sub_(0.55).mul_(4).clamp_(0, 1);
      const auto where = spot((m_.across - 0.3).mul_(1 / 0.4), (m_.v - 0.2).mul_(1 / 0.22));
      blend(skin_, tone_ * color_of(0.62, 0.48, 0.4, tone_), dots.mul_(where).mul_(c_(who_.freckles) * 0.8));
    }
  }

  void paint_nose() {
    const auto width = c_(who_.nose_width), tip = c_(c_.row.tip_v);
    const auto under = spot(m_.u / (width * 1.5), (m_.v - (tip + 0.13)) / 0.05);
    shade(under * 0.28, 0.55);
    const auto x = (m_.across - width * 0.5) / (width * 0.3);
    const auto y = (m_.v - (tip + 0.055)) * aspect_ / (width * 0.2);
    const auto hole = edge((1 - (x * x).addcmul_(y, y).sqrt_()) * (width * 0.22) * m_.pixels);
    shade(hole * 0.8, 0.25);
  }

  void paint_eyes() {
    const auto [x, y, width, height, open, arch, upper, lower, thick] = eye_lines(c_, m_.across, m_.side, m_.v);
    const auto fine = m_.pixels * aspect_;  // one v in pixels
    // The socket lies in shadow.
    shade(spot(x * 0.85, (y + height * 0.35) / (height * 1.7)) * 0.24, 0.62);
    const auto within = edge((1 - x.abs()).mul_(width * m_.pixels));
    auto ball = edge(torch::minimum(y - upper, lower - y).mul_(fine)).mul_((open * 14).clamp_max_(1));
    ball.mul_((arch * 12).clamp_max_(1));
    const auto lid_shadow =
        flat_ ? torch::ones_like(y) : smooth_step((y - upper) / height, -0.05, 0.55).mul_(0.34).add_(0.66);
    blend(skin_, color_of(0.97, 0.955, 0.94, tone_) * lid_shadow.unsqueeze(1), ball);
    paint_iris(ball, lid_shadow, width, height);

    const auto crease = edge((width * 0.045 - (y - upper + open * height * 0.36 + 0.01).abs() * aspect_) * m_.pixels);
    shade(crease * within * 0.45, 0.55);
    const auto lash = edge((thick - (y - upper).abs_() * aspect_) * m_.pixels);
    blend(skin_, c_(who_.brow) * 0.35, lash * within * 0.92);
    const auto rim = edge((width * 0.035 - (y - lower).abs_() * aspect_) * m_.pixels);
    shade(rim * within * 0.5, 0.5);
  }

  void paint_brows() {
    const auto [x, width, middle, thick] = brow_lines(c_, m_.across);
    const auto seed = c_(who_.texture_seed);
    const auto hairs = value_noise(seed, 4, m_.u * 30, m_.v * 10).mul_(0.25).add_(0.85);
    const auto distance = torch::minimum(thick - (m_.v - middle).abs_() * aspect_, (1 - x.abs()) * width);
    blend(skin_, c_(who_.brow), edge(distance.mul_(m_.pixels)).mul_(hairs).clamp_(0, 1));
  }

  void paint_mouth() {
    const auto half = c_(c_.row.mouth_half), open = c_(mood_.mouth) * 0.24;
    const auto x = m_.u / half;
    const auto [arch, bow, top, bottom, inner_top, inner_bottom, teeth_edge] = mouth_lines(c_, x);
    const auto y = m_.v - c_(who_.mouth_y) + bow;
    const auto fine = m_.pixels * aspect_;
    const auto lips = edge(torch::minimum(y - top, bottom - y).mul_(fine)).mul_((arch * 12).clamp_max_(1));
    // Light falls onto the lower lip.
    const auto tint = flat_ ? torch::ones_like(y) : smooth_step(y / (bottom + 0.02), -0.6, 0.9).mul_(0.3).add_(0.82);
    blend(skin_, c_(who_.lips) * tint.unsqueeze(1), lips);
    const auto cavity = edge(torch::minimum(y - inner_top, inner_bottom - y).mul_(fine))
                            .mul_((open * 40).clamp_max_(1) * (arch * 12).clamp_max_(1));
    blend(skin_, color_of(0.22, 0.04, 0.06, tone_), cavity);
    const auto tongue = spot(x / 0.5, (y - open * 0.95) / (open * 0.4 + 0.01));
    blend(skin_, color_of(0.75, 0.3, 0.32, tone_), cavity * tongue * 0.8);
    const auto teeth = edge((teeth_edge - y).mul_(fine)) * edge((0.82 - x.abs()).mul_(half * m_.pixels));
    blend(skin_, color_of(0.95, 0.94, 0.9, tone_), teeth * cavity);
    const auto within = edge((1.02 - x.abs()).mul_(half * m_.pixels));
    const auto line =
        edge((0.012 - (y - (inner_top + inner_bottom) * 0.5).abs_()).mul_(fine)) * (1 - (open * 20).clamp_max_(1));
    blend(skin_, c_(who_.lips) * 0.45, line * within);
    shade(spot(x / 0.55, (y - bottom - 0.05) / 0.035) * 0.2, 0.5);
  }

  void paint_beard() {
    const bool bearded = c_.any(who_.beard) || c_.any(who_.stubble), lipped = c_.any(who_.moustache);
    if (!bearded && !lipped) return;
    const auto seed = c_(who_.texture_seed);
    const auto hairs = value_noise(seed, 5, m_.u * 20, m_.v * 7).mul_(0.3).add_(0.8).unsqueeze(1);
    const auto color = c_(who_.brow) * hairs;
    if (bearded) {
      const auto grown = beard_of(c_, m_.u, m_.v);
      blend(skin_, color, grown * torch::maximum(c_(who_.beard), c_(who_.stubble)));
    }
    if (lipped) {
      const auto distance = moustache_of(c_, m_.u, m_.v);
      blend(skin_, color, edge(distance.mul_(m_.pixels)) * c_(who_.moustache));
    }
  }

  void paint_glasses() {
    if (!c_.any(who_.glasses)) return;
    const auto on = c_(who_.glasses);
    const auto [x, y, distance, frame] = glasses_lines(c_, m_.across, m_.v);
    const auto lens = edge(distance * m_.pixels);
    const auto gleam =
        smooth_step(x * 0.7 - y * 0.7 + 0.6, 0.0, 0.12) * (1 - smooth_step(x * 0.7 - y * 0.7 + 0.3, 0.0, 0.12));
    blend(skin_, c_(who_.frame) * 0.5, lens * (c_(who_.tint) * on));
    blend(skin_, color_of(1, 1, 1, tone_), lens * gleam * (0.1 * on));
    blend(skin_, c_(who_.frame), edge(frame * m_.pixels) * on);
  }

 private:
  void paint_iris(const Tensor& ball, const Tensor& lid_shadow, const Tensor& width, const Tensor& height) {
    const auto ex = c_(who_.eye_x), ey = c_(who_.eye_y);
    const auto radius = width * 0.5;
    const auto x = (m_.across - ex - m_.side * (c_(mood_.gaze_x) * width * 0.4)) / radius;
    const auto y = (m_.v - ey - c_(mood_.gaze_y) * height * 0.35) * aspect_ / radius;
    const auto r = (x * x).addcmul_(y, y).sqrt_();
    const auto scale = radius * m_.pixels;
    const auto disc = edge((1 - r).mul_(scale)).mul_(ball);
    // Dark towards its rim, bright below, where the light that enters above comes out again.
    const auto tone = (1.15 - smooth_step(r, 0.6, 1.0).mul_(0.75)).add_(y.clamp(-1, 1), 0.3).mul_(lid_shadow);
    blend(skin_, c_(who_.iris) * tone.unsqueeze(1), disc);
    blend(skin_, color_of(0.03, 0.03, 0.04, tone_), edge((0.45 - r).mul_(scale)) * ball);
    const auto dx = x * m_.side - c_(c_.row.head.scene.light_x).sign() * 0.3;  // in the picture's sense on both sides
    const auto spark = (dx * dx).add_(squared(y + 0.34)).sqrt_();
    blend(skin_, color_of(1, 1, 1, tone_), edge((0.2 - spark).mul_(scale)).mul_(ball).mul_(0.92));
  }

  // Darkens towards `factor` of the colour that is there.
  void shade(const Tensor& weight, double factor) { skin_.mul_((1 - weight * (1 - factor)).unsqueeze(1)); }

  const Columns& c_;
  const Identity& who_;
  const Expression& mood_;
  const FaceMap& m_;
  bool flat_;
  Tensor& skin_;
  Tensor tone_, aspect_;
};

}  // namespace

void add_relief(const Columns& columns, const FaceMap& map, Surface& face) {
  const HeadRow& row = columns.row;
  const Identity& who = row.head.identity;
  auto slope_u = torch::zeros_like(map.u), slope_v = torch::zeros_like(map.u);
  // The slopes of a bell of this height; its width in u, its height in v.
  const auto raise = [&](const torch::Tensor& across, const torch::Tensor& v, double width, double tall,
                         const torch::Tensor& height) {
    const auto x = across / width, y = v / tall;
    const auto strength = bell(x, y).mul_(height);
    slope_u.addcmul_(strength, x * map.side, -2 / width);
    slope_v.addcmul_(strength, y, -2 / tall);
  };
  const auto one = torch::ones_like(columns(who.eye_x));
  raise(map.across - columns(who.eye_x), map.v - columns(who.eye_y) + 0.06, 0.3, 0.2, one * -0.045);
  raise(map.across - 0.52, map.v - 0.24, 0.26, 0.22, 0.025 + 0.03 * columns(who.cheek));
  raise(map.across, map.v - columns(who.mouth_y), 0.36, 0.22, one * 0.05);
  // e_u and e_v, the turned axes of the head, are the rows of the map into the head.
  const auto unit = columns(row.unit), tall = unit * columns(row.aspect);
  const auto push = [&](torch::Tensor& normal, const float& along_u, const float& along_v) {
    normal.addcmul_(slope_u, columns(along_u) * unit, -1);
    normal.addcmul_(slope_v, columns(along_v) * tall, -1);
  };
  push(face.nx, row.u_x, row.v_x);
  push(face.ny, row.u_y, row.v_y);
  push(face.nz, row.u_z, row.v_z);
}

FaceMap crop(const FaceMap& map, const Box& outer, const Box& inner) {
  return {crop(map.u, outer, inner), crop(map.v, outer, inner), crop(map.across, outer, inner),
          crop(map.side, outer, inner), crop(map.pixels, outer, inner)};
}

void paint_features(const Columns& columns, const Canvas& canvas, const FaceMap& map, bool flat, torch::Tensor& skin) {
  const HeadRow& row = columns.row;
  FacePainter(columns, map, flat, skin).paint_skin();
  const auto within = [&](double across, const float& v, double top, double bottom, auto&& paint) {
    const Box part = canvas.box_of_face(across, v, top, bottom);
    if (part.empty()) return;
    auto part_of_skin = crop(skin, canvas.box(), part);
    const FaceMap part_of_map = crop(map, canvas.box(), part);
    FacePainter painter(columns, part_of_map, flat, part_of_skin);
    paint(painter);
  };
  within(0.62, row.tip_v, -0.15, 0.3, [](FacePainter& painter) { painter.paint_nose(); });
  FacePainter(columns, map, flat, skin).paint_beard();
  within(0.65, row.head.identity.mouth_y, -0.25, 0.6, [](FacePainter& painter) { painter.paint_mouth(); });
  within(1.1, row.head.identity.eye_y, -0.6, 0.5, [](FacePainter& painter) { painter.paint_eyes(); });
  within(0.9, row.brow_v, -0.25, 0.25, [](FacePainter& painter) { painter.paint_brows(); });
  FacePainter(columns, map, flat, skin).paint_glasses();
}

}  // namespace animate::heads
