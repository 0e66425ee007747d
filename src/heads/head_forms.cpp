#include "heads/head_forms.h"

#include "heads/head_features.h"
#include "heads/head_solids.h"
#include "heads/value_noise.h"

namespace animate::heads {
namespace {

using torch::Tensor;

class HeadPainter {
 public:
  HeadPainter(const Columns& columns, Canvas& canvas, bool flat)
      : c_(columns), row_(columns.row), who_(columns.row.head.identity), canvas_(canvas), flat_(flat) {}

  void paint(SolidFront& front) {
    Surface& surface = front.surface;
    switch (front.solid) {
      case Solid::Torso: return paint_torso(surface);
      case Solid::Neck: return paint_neck(surface);
      case Solid::LeftEar: return paint_ear(surface, row_.left_ear);
      case Solid::RightEar: return paint_ear(surface, row_.right_ear);
      case Solid::LeftRing:
      case Solid::RightRing: return canvas_.paint(surface, canvas_.lit(c_(who_.trim), surface, 3));
      case Solid::Face: return paint_face(front);
      case Solid::InsideOfHair: return canvas_.paint(surface, canvas_.lit(c_(who_.hair) * 0.55, surface, 0));
      case Solid::BackHair:
      case Solid::Hair:
      case Solid::Bun: return paint_lock(front);
      case Solid::Crown: return paint_crown(front);
      case Solid::Brim: return canvas_.paint(surface, canvas_.lit(c_(who_.hat) * 0.85, surface, 0.1));
      case Solid::Backdrop:
      case Solid::Collar: return;  // no solids of their own
    }
  }

 private:
  void paint_torso(const Surface& torso) {
    const auto x = (canvas_.x() - c_(row_.body_x)), y = (canvas_.y() - c_(row_.body_y));
    Tensor cloth = canvas_.filled(c_(who_.shirt));
    const auto scale = c_(who_.pattern_scale) * 6.2832;
    const auto trim = c_(who_.trim);
    if (c_.any(who_.stripes)) blend(cloth, trim, smooth_step((y * scale).sin(), -0.2, 0.2) * c_(who_.stripes));
    if (c_.any(who_.checks)) {
      const auto squares = smooth_step((x * scale).sin(), -0.2, 0.2) + smooth_step((y * scale).sin(), -0.2, 0.2);
      blend(cloth, trim, squares * (0.45 * c_(who_.checks)));
    }
    if (c_.any(who_.dots)) {
      const auto spots = (x * scale).cos() + (y * scale).cos();
      blend(cloth, trim, smooth_step(spots, 1.0, 1.3) * c_(who_.dots));
    }
    if (c_.any(who_.collar)) {
      const auto ring = canvas_.inside(row_.neck, kCollarShift);
      blend(cloth, trim, (1 - smooth_step(ring, kCollarInner, kCollarOuter)) * c_(who_.collar));
    }
    const auto weave = value_noise(c_(who_.texture_seed), 6, x * 60 + y * 0, y * 60 + x * 0).mul_(0.06).add_(1);
    canvas_.paint(torso, canvas_.lit(cloth.mul_(weave.unsqueeze(1)), torso, 0));
  }

  void paint_neck(const Surface& neck) {
    if (flat_) return canvas_.paint(neck, canvas_.lit(c_(who_.skin), neck, 0));
    // The chin throws its shadow onto it.
    const auto shadow = (1.5 - canvas_.inside(row_.jaw, 0.045)).mul_(1.3).clamp_(0, 1).mul_(-0.42).add_(1);
    canvas_.paint(neck, canvas_.lit(c_(who_.skin) * shadow.unsqueeze(1), neck, 0));
  }

  void paint_ear(const Surface& ear, const Quadric& quadric) {
    if (flat_) return canvas_.paint(ear, canvas_.lit(c_(who_.skin), ear, 0.3));
    // Its hollow.
    const auto hollow = (0.75 - canvas_.inside(quadric)).mul_(1.5).clamp_(0, 1).mul_(-0.3).add_(0.95);
    canvas_.paint(ear, canvas_.lit(c_(who_.skin) * hollow.unsqueeze(1), ear, 0.3));
  }

  void paint_face(SolidFront& front) {
    Surface& face = front.surface;
    FaceMap map;
    map.u = front.u;
    map.v = front.v;
    map.across = map.u.abs();
    map.side = map.u.sign();
    map.pixels = face.nz.clamp_min(0.25).mul_(c_(row_.unit) * static_cast<double>(canvas_.size()));
    add_relief(c_, map, face);
    Tensor skin = canvas_.filled(c_(who_.skin));
    paint_features(c_, canvas_, map, flat_, skin);
    if (!flat_ && c_.any(who_.hair_on)) {
      // Hair throws a soft shadow onto the forehead.
      const auto near = smooth_step(map.v - c_(who_.hairline) - 0.22 * map.u * map.u, 0.0, 0.22);
      skin.mul_((1 - (1 - near) * (0.35 * c_(who_.hair_on))).unsqueeze(1));
    }
    canvas_.paint(face, canvas_.lit(skin, face, 1));
  }

  void paint_lock(const SolidFront& lock) {
    const auto curl = c_(who_.curl);
    const auto strands = value_noise(c_(who_.texture_seed), 8, lock.u * (16 - 8 * curl), lock.v * (2.5 + 8 * curl));
    const auto tone = (strands.mul_(c_(who_.hair_texture))).add_(1).clamp_min_(0.3);
    const double gloss = lock.solid == Solid::Hair ? 1.2 : 0.4;
    canvas_.paint(lock.surface, canvas_.lit(c_(who_.hair) * tone.unsqueeze(1), lock.surface, gloss));
  }

  void paint_crown(const SolidFront& crown) {
    const auto beanie = 1 - (c_(who_.cap) + (c_(who_.brim) > 0)).clamp_max(1);
    const auto band = 1 - smooth_step(crown.line - crown.v, 0.16, 0.18);
    const auto ribs = (crown.u * 40).sin().mul_(0.1).mul_(beanie).add_(1).sub_(band * 0.2);
    canvas_.paint(crown.surface, canvas_.lit(c_(who_.hat) * ribs.unsqueeze(1), crown.surface, 0.2));
  }

  const Columns& c_;
  const HeadRow& row_;
  const Identity& who_;
  Canvas& canvas_;
  bool flat_;
};

}  // namespace

void paint_backdrop(const Columns& columns, Canvas& canvas) {
  const Scene& scene = columns.row.head.scene;
  const auto x = canvas.x() - 0.5, y = canvas.y() - 0.5;
  const auto across = x * columns(scene.backdrop_x) + y * columns(scene.backdrop_y);
  const auto mix = (across + 0.5).clamp_(0, 1);
  canvas.image.copy_(columns(scene.backdrop_a).expand_as(canvas.image));
  blend(canvas.image, columns(scene.backdrop_b), mix);
  if (columns.any(scene.backdrop_stripes)) {
    const auto stripes = smooth_step((across * columns(scene.backdrop_stripes) * 6.2832).sin(), -0.1, 0.1);
    blend(canvas.image, columns(scene.backdrop_a), stripes * (columns(scene.backdrop_stripes) > 0) * 0.6);
  }
  for (const Shape& shape : scene.shapes) {
    if (!columns.any(shape.on)) continue;
    const auto c = columns(shape.angle).cos(), s = columns(shape.angle).sin(), size = columns(shape.size);
    const auto dx = canvas.x() - columns(shape.x), dy = canvas.y() - columns(shape.y);
    const auto a = (c * dx + s * dy) / size, b = (c * dy - s * dx) / (size * columns(shape.stretch));
    const auto round = (a * a).addcmul_(b, b).sqrt_(), square = torch::maximum(a.abs(), b.abs());
    const auto radius = round + (square - round) * columns(shape.square);
    const auto weight = edge((1 - radius) * size * static_cast<double>(canvas.size()));
    blend(canvas.image, columns(shape.color), weight * columns(shape.on));
  }
  if (columns.any(scene.backdrop_texture)) {
    const auto seed = columns(columns.row.head.identity.texture_seed);
    const auto wide_x = x + torch::zeros_like(y), wide_y = y + torch::zeros_like(x);
    auto wall = value_noise(seed, 9, wide_x * 9, wide_y * 9) + 0.6 * value_noise(seed, 10, wide_x * 40, wide_y * 40);
    canvas.image.mul_((wall.mul_(columns(scene.backdrop_texture) * 0.3) + 1).unsqueeze(1));
  }
}

void paint_head(const Columns& columns, Canvas& canvas, bool flat) {
  HeadPainter painter(columns, canvas, flat);
  for_each_solid(columns, canvas, [&painter](SolidFront& front) { painter.paint(front); });
}

}  // namespace animate::heads
