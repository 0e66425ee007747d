#include "heads/head_fronts.h"

namespace animate::heads {
namespace {

// Keeps where `mask` is false.
void set_where(torch::Tensor plane, const torch::Tensor& mask, const torch::Tensor& value) {
  plane.copy_(torch::where(mask, value, plane));
}

}  // namespace

Fronts fronts_of(const Columns& columns, int64_t size, const torch::Device& device) {
  Canvas canvas(columns, size, device);
  const auto options = torch::TensorOptions().device(device);
  const std::vector<int64_t> shape{columns.batch(), size, size};
  Fronts fronts{torch::zeros(shape, options.dtype(torch::kUInt8)),
                torch::full(shape, -100.0, options.dtype(torch::kFloat32)),
                torch::zeros(shape, options.dtype(torch::kFloat32))};
  const Box whole{0, 0, size, size};
  const float& collar = columns.row.head.identity.collar;
  for_each_solid(columns, canvas, [&](SolidFront& front) {
    const Surface& surface = front.surface;
    auto depth = crop(fronts.depth, whole, canvas.box());
    auto solid = crop(fronts.solid, whole, canvas.box());
    const auto nearer = (surface.alpha >= 0.5).logical_and_(surface.depth > depth);
    set_where(depth, nearer, surface.depth);
    solid.masked_fill_(nearer, static_cast<uint8_t>(front.solid));
    if (front.solid == Solid::Torso && columns.any(collar)) {
      const auto ring = canvas.inside(columns.row.neck, kCollarShift) < (kCollarInner + kCollarOuter) / 2;
      solid.masked_fill_(nearer.logical_and(ring).logical_and_(columns(collar) > 0),
                         static_cast<uint8_t>(Solid::Collar));
    }
    // A normal leans as much as its surface rises: |(nx, ny)| / nz.
    const auto lean = (surface.nx * surface.nx).addcmul_(surface.ny, surface.ny).sqrt_();
    set_where(crop(fronts.slope, whole, canvas.box()), nearer,
              lean.div_(surface.nz.clamp_min(1e-3)).clamp_max_(kSteepest));
  });
  return fronts;
}

}  // namespace animate::heads
