#include "heads/head_solids.h"

#include "heads/value_noise.h"

namespace animate::heads {
namespace {

using torch::Tensor;

class SolidWalk {
 public:
  SolidWalk(const Columns& columns, Canvas& canvas, const std::function<void(SolidFront&)>& visit)
      : c_(columns), row_(columns.row), who_(columns.row.head.identity), canvas_(canvas), visit_(visit) {}

  void body() {
    simple(Solid::Torso, row_.torso);
    simple(Solid::Neck, row_.neck);
  }

  void ears() {
    simple(Solid::LeftEar, row_.left_ear);
    simple(Solid::RightEar, row_.right_ear);
    if (!c_.any(who_.earrings)) return;
    for (const auto& [solid, quadric] :
         {std::pair{Solid::LeftRing, &row_.left_ring}, {Solid::RightRing, &row_.right_ring}}) {
      if (!focus({quadric}, &who_.earrings)) continue;
      SolidFront ring = front(solid, *quadric);
      ring.surface.alpha.mul_((c_(who_.earrings) > 0).to(torch::kFloat32));
      visit_(ring);
    }
  }

  void face() {
    if (!focus({&row_.skull, &row_.bridge, &row_.tip, &row_.left_wing, &row_.right_wing})) return;
    SolidFront face{Solid::Face, skull_and_jaw(), {}, {}, {}};
    const Box whole = canvas_.box();
    for (const Quadric* part : {&row_.bridge, &row_.left_wing, &row_.right_wing, &row_.tip}) {
      if (!focus({part})) continue;
      Surface under = crop(face.surface, whole, canvas_.box());
      unite(under, canvas_.front_of(*part), part == &row_.bridge ? 0.05 : 0.035);
    }
    canvas_.focus(whole);
    find_place(face);
    visit_(face);
  }

  void hair() {
    if (!c_.any(who_.hair_on)) return;
    lock(Solid::BackHair, row_.back_hair, c_(who_.hair_on) * (c_(who_.back_length) > 0), who_.back_length);
    inside_of_hair();
    lock(Solid::Hair, row_.hair, c_(who_.hair_on), who_.hair_on);
    if (c_.any(who_.bun)) {
      lock(Solid::Bun, row_.bun, c_(who_.hair_on) * (c_(who_.bun) > 0) * (c_(who_.hat_on) == 0), who_.bun);
    }
  }

  void hat() {
    if (!c_.any(who_.hat_on)) return;
    if (!focus({&row_.crown}, &who_.hat_on)) return;
    SolidFront crown = front(Solid::Crown, row_.crown);
    find_place(crown);
    const auto depth = canvas_.along(crown.surface.depth, row_.w_x, row_.w_y, row_.w_z);
    crown.line = c_(who_.hat_line) + 0.05 * crown.u * crown.u + 0.22 * (0.9 - depth);
    crown.surface.alpha.mul_(edge((crown.line - crown.v) * pixels())).mul_(c_(who_.hat_on));
    visit_(crown);
    if (!focus({&row_.brim}, &who_.hat_on)) return;
    SolidFront brim = front(Solid::Brim, row_.brim);
    const auto beanie = 1 - (c_(who_.cap) + (c_(who_.brim) > 0)).clamp_max(1);
    brim.surface.alpha.mul_(c_(who_.hat_on) * (1 - beanie));
    visit_(brim);
  }

 private:
  bool focus(std::initializer_list<const Quadric*> solids, const float* worn = nullptr) {
    const Box box = canvas_.box_of(solids, worn);
    if (box.empty()) return false;
    canvas_.focus(box);
    return true;
  }

  SolidFront front(Solid solid, const Quadric& quadric) const { return {solid, canvas_.front_of(quadric), {}, {}, {}}; }

  void simple(Solid solid, const Quadric& quadric) {
    if (!focus({&quadric})) return;
    SolidFront whole = front(solid, quadric);
    visit_(whole);
  }

  void find_place(SolidFront& of) const {
    of.u = canvas_.along(of.surface.depth, row_.u_x, row_.u_y, row_.u_z);
    of.v = canvas_.along(of.surface.depth, row_.v_x, row_.v_y, row_.v_z);
  }

  Tensor pixels() const { return c_(row_.unit) * static_cast<double>(canvas_.size()); }

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
  void inside_of_hair() {
    if (!focus({&row_.hair}, &who_.hair_on)) return;
    SolidFront within = front(Solid::InsideOfHair, row_.hair);
    within.surface.depth = back_of(within.surface, row_.hair);
    const auto v = canvas_.along(within.surface.depth, row_.v_x, row_.v_y, row_.v_z);
    within.surface.alpha.mul_(edge((c_(who_.side_length) - v).mul_(pixels()))).mul_(c_(who_.hair_on));
    visit_(within);
  }

  // Where a ray leaves the solid again.
  Tensor back_of(const Surface& solid, const Quadric& quadric) const {
    const auto middle =
        (canvas_.x() - c_(quadric.cx)) * c_(quadric.lx) + (canvas_.y() - c_(quadric.cy)) * c_(quadric.ly);
    return (middle + c_(quadric.cz)).mul_(2).sub_(solid.depth);
  }

  // One form of hair; the cap leaves the face free.
  void lock(Solid solid, const Quadric& quadric, const Tensor& on, const float& worn) {
    if (!focus({&quadric}, &worn)) return;
    SolidFront lock = front(solid, quadric);
    find_place(lock);
    const auto& u = lock.u;
    const auto& v = lock.v;
    auto& alpha = lock.surface.alpha;
    if (c_.any(who_.curl)) {
      const auto frizz = value_noise(c_(who_.texture_seed), 7, u * 5, v * 5).add_(1).mul_(0.5).mul_(c_(who_.curl));
      const auto ragged = edge((1.0 - canvas_.inside(quadric) - frizz * 0.25).mul_(0.5 * pixels()));
      // Straight hair keeps its own edge, also where other heads of the batch have curls.
      alpha.copy_(torch::where(c_(who_.curl) > 0, alpha * ragged, alpha));
    }
    if (solid == Solid::Hair) {
      const auto depth = canvas_.along(lock.surface.depth, row_.w_x, row_.w_y, row_.w_z);
      auto line = c_(who_.hairline) + 0.22 * u * u + 0.45 * c_(who_.parting) * u;
      line.add_(((u * 11).sin() + 0.6 * (u * 23 + 1).sin()) * (0.5 * c_(who_.fringe)));
      const auto frontal = smooth_step(depth, 0.1, 0.62);
      const auto side = c_(who_.side_length);
      const auto border = side + (line - side) * frontal;
      alpha.mul_(edge((border - v).mul_(pixels())));
    }
    alpha.mul_(on);
    visit_(lock);
  }

  const Columns& c_;
  const HeadRow& row_;
  const Identity& who_;
  Canvas& canvas_;
  const std::function<void(SolidFront&)>& visit_;
};

}  // namespace

void for_each_solid(const Columns& columns, Canvas& canvas, const std::function<void(SolidFront&)>& visit) {
  SolidWalk walk(columns, canvas, visit);
  walk.body();
  walk.ears();
  walk.face();
  walk.hair();
  walk.hat();
  canvas.focus({0, 0, canvas.size(), canvas.size()});
}

}  // namespace animate::heads
