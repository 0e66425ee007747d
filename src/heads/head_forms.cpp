#include "heads/head_forms.h"

#include "heads/head_features.h"
#include "heads/value_noise.h"

namespace animate::heads {
namespace {

using torch::Tensor;

class HeadPainter {
 public:
  HeadPainter(const Columns& columns, Canvas& canvas)
      : c_(columns), row_(columns.row), who_(columns.row.head.identity), canvas_(canvas) {}

  void paint_torso() {
    if (!focus({&row_.torso})) return;
    const Surface torso = canvas_.front_of(row_.torso);
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
      const auto ring = canvas_.inside(row_.neck, 0.012);
      blend(cloth, trim, (1 - smooth_step(ring, 1.5, 1.6)) * c_(who_.collar));
    }
    const auto weave = value_noise(c_(who_.texture_seed), 6, x * 60 + y * 0, y * 60 + x * 0).mul_(0.06).add_(1);
    canvas_.paint(torso, canvas_.lit(cloth.mul_(weave.unsqueeze(1)), torso, 0));
  }

  void paint_neck() {
    if (!focus({&row_.neck})) return;
    const Surface neck = canvas_.front_of(row_.neck);
    // The chin throws its shadow onto it.
    const auto shadow = (1.5 - canvas_.inside(row_.jaw, 0.045)).mul_(1.3).clamp_(0, 1).mul_(-0.42).add_(1);
    canvas_.paint(neck, canvas_.lit(c_(who_.skin) * shadow.unsqueeze(1), neck, 0));
  }

  void paint_ears() {
    for (const Quadric* quadric : {&row_.left_ear, &row_.right_ear}) {
      if (!focus({quadric})) continue;
      const Surface ear = canvas_.front_of(*quadric);
      // Its hollow.
      const auto hollow = (0.75 - canvas_.inside(*quadric)).mul_(1.5).clamp_(0, 1).mul_(-0.3).add_(0.95);
      canvas_.paint(ear, canvas_.lit(c_(who_.skin) * hollow.unsqueeze(1), ear, 0.3));
    }
    if (!c_.any(who_.earrings)) return;
    for (const Quadric* quadric : {&row_.left_ring, &row_.right_ring}) {
      if (!focus({quadric}, &who_.earrings)) continue;
      Surface ring = canvas_.front_of(*quadric);
      ring.alpha.mul_((c_(who_.earrings) > 0).to(torch::kFloat32));
      canvas_.paint(ring, canvas_.lit(c_(who_.trim), ring, 3));
    }
  }

  void paint_face() {
    if (!focus({&row_.skull, &row_.bridge, &row_.tip, &row_.left_wing, &row_.right_wing})) return;
    Surface face = skull_and_jaw();
    const Box whole = canvas_.box();
    for (const Quadric* part : {&row_.bridge, &row_.left_wing, &row_.right_wing, &row_.tip}) {
      if (!focus({part})) continue;
      Surface under = crop(face, whole, canvas_.box());
      unite(under, canvas_.front_of(*part), part == &row_.bridge ? 0.05 : 0.035);
    }
    canvas_.focus(whole);
    FaceMap map;
    map.u = canvas_.along(face.depth, row_.u_x, row_.u_y, row_.u_z);
    map.v = canvas_.along(face.depth, row_.v_x, row_.v_y, row_.v_z);
    map.across = map.u.abs();
    map.side = map.u.sign();
    map.pixels = face.nz.clamp_min(0.25).mul_(c_(row_.unit) * static_cast<double>(canvas_.size()));
    add_relief(c_, map, face);
    Tensor skin = canvas_.filled(c_(who_.skin));
    paint_features(c_, canvas_, map, skin);
    if (c_.any(who_.hair_on)) {
      // Hair throws a soft shadow onto the forehead.
      const auto near = smooth_step(map.v - c_(who_.hairline) - 0.22 * map.u * map.u, 0.0, 0.22);
      skin.mul_((1 - (1 - near) * (0.35 * c_(who_.hair_on))).unsqueeze(1));
    }
    canvas_.paint(face, canvas_.lit(skin, face, 1));
  }

  void paint_hair() {
    if (c_.any(who_.hair_on)) {
      paint_lock(row_.back_hair, c_(who_.hair_on) * (c_(who_.back_length) > 0), who_.back_length, false);
      paint_inside_of_hair();
      paint_lock(row_.hair, c_(who_.hair_on), who_.hair_on, true);
      if (c_.any(who_.bun))
        paint_lock(row_.bun, c_(who_.hair_on) * (c_(who_.bun) > 0) * (c_(who_.hat_on) == 0), who_.bun, false);
    }
  }

  void paint_hat() {
    if (!c_.any(who_.hat_on)) return;
    if (!focus({&row_.crown}, &who_.hat_on)) return;
    Surface crown = canvas_.front_of(row_.crown);
    const auto u = canvas_.along(crown.depth, row_.u_x, row_.u_y, row_.u_z);
    const auto v = canvas_.along(crown.depth, row_.v_x, row_.v_y, row_.v_z);
    const auto beanie = 1 - (c_(who_.cap) + (c_(who_.brim) > 0)).clamp_max(1);
    const auto depth = canvas_.along(crown.depth, row_.w_x, row_.w_y, row_.w_z);
    const auto line = c_(who_.hat_line) + 0.05 * u * u + 0.22 * (0.9 - depth);
    const auto pixels = c_(row_.unit) * static_cast<double>(canvas_.size());
    crown.alpha.mul_(edge((line - v) * pixels)).mul_(c_(who_.hat_on));
    const auto band = 1 - smooth_step(line - v, 0.16, 0.18);
    const auto ribs = (u * 40).sin().mul_(0.1).mul_(beanie).add_(1).sub_(band * 0.2);
    canvas_.paint(crown, canvas_.lit(c_(who_.hat) * ribs.unsqueeze(1), crown, 0.2));
    if (!focus({&row_.brim}, &who_.hat_on)) return;
    Surface brim = canvas_.front_of(row_.brim);
    brim.alpha.mul_(c_(who_.hat_on) * (1 - beanie));
    canvas_.paint(brim, canvas_.lit(c_(who_.hat) * 0.85, brim, 0.1));
  }

 private:
  bool focus(std::initializer_list<const Quadric*> solids, const float* worn = nullptr) {
    const Box box = canvas_.box_of(solids, worn);
    if (box.empty()) return false;
    canvas_.focus(box);
    return true;
  }

  // Two convex solids: a ray is in both from the later entry to the earlier exit.
  Surface skull_and_jaw() {
    Surface skull = canvas_.front_of(row_.skull);
    const Surface jaw = canvas_.front_of(row_.jaw);
    const auto entry = torch::minimum(skull.depth, jaw.depth);  // seen from the viewer
    const auto exit = torch::maximum(back_of(skull, row_.skull), back_of(jaw, row_.jaw));
    const auto cut = (skull.depth - jaw.depth).mul_(1 / 0.03).add_(0.5).clamp_(0, 1);
    skull.nx.addcmul_(cut, jaw.nx - skull.nx);
    skull.ny.addcmul_(cut, jaw.ny - skull.ny);
    skull.nz.addcmul_(cut, jaw.nz - skull.nz);
    // What is left between both falls towards the seam as steeply as the front leans.
    const auto lean = skull.nz.clamp_min(0.06).mul_(0.6 * static_cast<double>(canvas_.size()));
    const auto both = edge((entry - exit).mul_(lean));
    skull.alpha = torch::minimum(torch::minimum(skull.alpha, jaw.alpha), both);
    skull.depth = entry;
    return skull;
  }

  // Past a cheek one sees the hair of the far side from within.
  void paint_inside_of_hair() {
    if (!focus({&row_.hair}, &who_.hair_on)) return;
    Surface within = canvas_.front_of(row_.hair);
    within.depth = back_of(within, row_.hair);
    const auto v = canvas_.along(within.depth, row_.v_x, row_.v_y, row_.v_z);
    const auto pixels = c_(row_.unit) * static_cast<double>(canvas_.size());
    within.alpha.mul_(edge((c_(who_.side_length) - v).mul_(pixels))).mul_(c_(who_.hair_on));
    canvas_.paint(within, canvas_.lit(c_(who_.hair) * 0.55, within, 0));
  }

  // Where a ray leaves the solid again.
  Tensor back_of(const Surface& solid, const Quadric& quadric) const {
    const auto middle =
        (canvas_.x() - c_(quadric.cx)) * c_(quadric.lx) + (canvas_.y() - c_(quadric.cy)) * c_(quadric.ly);
    return (middle + c_(quadric.cz)).mul_(2).sub_(solid.depth);
  }

  // One form of hair; `cap` leaves the face free.
  void paint_lock(const Quadric& quadric, const Tensor& on, const float& worn, bool cap) {
    if (!focus({&quadric}, &worn)) return;
    const auto seed = c_(who_.texture_seed);
    Surface lock = canvas_.front_of(quadric);
    const auto u = canvas_.along(lock.depth, row_.u_x, row_.u_y, row_.u_z);
    const auto v = canvas_.along(lock.depth, row_.v_x, row_.v_y, row_.v_z);
    const auto pixels = c_(row_.unit) * static_cast<double>(canvas_.size());
    if (c_.any(who_.curl)) {
      const auto frizz = value_noise(seed, 7, u * 5, v * 5).add_(1).mul_(0.5).mul_(c_(who_.curl));
      const auto ragged = edge((1.0 - canvas_.inside(quadric) - frizz * 0.25).mul_(0.5 * pixels));
      // Straight hair keeps its own edge, whoever is drawn with it.
      lock.alpha.copy_(torch::where(c_(who_.curl) > 0, lock.alpha * ragged, lock.alpha));
    }
    if (cap) {
      const auto depth = canvas_.along(lock.depth, row_.w_x, row_.w_y, row_.w_z);
      auto line = c_(who_.hairline) + 0.22 * u * u + 0.45 * c_(who_.parting) * u;
      line.add_(((u * 11).sin() + 0.6 * (u * 23 + 1).sin()) * (0.5 * c_(who_.fringe)));
      const auto front = smooth_step(depth, 0.1, 0.62);
      const auto side = c_(who_.side_length);
      const auto border = side + (line - side) * front;
      lock.alpha.mul_(edge((border - v).mul_(pixels)));
    }
    lock.alpha.mul_(on);
    const auto curl = c_(who_.curl);
    const auto strands = value_noise(seed, 8, u * (16 - 8 * curl), v * (2.5 + 8 * curl));
    const auto tone = (strands.mul_(c_(who_.hair_texture))).add_(1).clamp_min_(0.3);
    canvas_.paint(lock, canvas_.lit(c_(who_.hair) * tone.unsqueeze(1), lock, cap ? 1.2 : 0.4));
  }

  const Columns& c_;
  const HeadRow& row_;
  const Identity& who_;
  Canvas& canvas_;
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

void paint_head(const Columns& columns, Canvas& canvas) {
  HeadPainter painter(columns, canvas);
  painter.paint_torso();
  painter.paint_neck();
  painter.paint_ears();
  painter.paint_face();
  painter.paint_hair();
  painter.paint_hat();
  canvas.focus({0, 0, canvas.size(), canvas.size()});
}

}  // namespace animate::heads
