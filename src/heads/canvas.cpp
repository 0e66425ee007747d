#include "heads/canvas.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace animate::heads {

Columns::Columns(std::span<const HeadRow> rows, const torch::Device& device) : rows_(rows.begin(), rows.end()) {
  constexpr int64_t fields = sizeof(HeadRow) / sizeof(float);
  auto table = torch::empty({batch(), fields}, torch::kFloat32);
  std::memcpy(table.data_ptr<float>(), rows_.data(), rows_.size() * sizeof(HeadRow));
  table_ = table.t().contiguous().to(device);
}

int64_t Columns::index_of(const float& field) const {
  const int64_t index = &field - reinterpret_cast<const float*>(&row);
  check(index >= 0 && index < static_cast<int64_t>(sizeof(HeadRow) / sizeof(float)), ErrorKind::Internal,
        "heads: field {} is no column", index);
  return index;
}

torch::Tensor Columns::operator()(const float& field) const {
  return table_.select(0, index_of(field)).view({batch(), 1, 1});
}

torch::Tensor Columns::operator()(const Color& color) const {
  return table_.narrow(0, index_of(color.r), 3).t().reshape({batch(), 3, 1, 1});
}

bool Columns::any(const float& field) const {
  const auto offset = static_cast<size_t>(index_of(field));
  return std::any_of(rows_.begin(), rows_.end(),
                     [&](const HeadRow& each) { return reinterpret_cast<const float*>(&each)[offset] != 0; });
}

torch::Tensor edge(torch::Tensor distance) { return distance.add_(0.5).clamp_(0, 1); }

void blend(torch::Tensor& image, const torch::Tensor& color, const torch::Tensor& weight) {
  image.addcmul_(weight.unsqueeze(1), color - image);
}

torch::Tensor smooth_step(const torch::Tensor& value, double low, double high) {
  auto t = (value - low).mul_(1 / (high - low)).clamp_(0, 1);
  return (3 - 2 * t).mul_(t).mul_(t);
}

namespace {

void normalise(Surface& surface) {
  const auto inverse =
      (surface.nx * surface.nx).addcmul_(surface.ny, surface.ny).addcmul_(surface.nz, surface.nz).clamp_min_(1e-12).rsqrt_();
  surface.nx.mul_(inverse);
  surface.ny.mul_(inverse);
  surface.nz.mul_(inverse);
}

}  // namespace

void unite(Surface& a, const Surface& b, double softness) {
  // Outside its outline a surface continues as a plane; there the other one must not be hidden by it.
  auto nearer = (b.depth - a.depth).mul_(1 / softness).add_(0.5).clamp_(0, 1);
  nearer = torch::maximum(nearer, 1 - a.alpha).mul_(b.alpha);
  a.alpha = torch::maximum(a.alpha, b.alpha);
  a.depth.addcmul_(nearer, b.depth - a.depth);
  a.nx.addcmul_(nearer, b.nx - a.nx);
  a.ny.addcmul_(nearer, b.ny - a.ny);
  a.nz.addcmul_(nearer, b.nz - a.nz);
}

Canvas::Canvas(const Columns& columns, int64_t size, const torch::Device& device) : columns_(columns), size_(size) {
  const auto options = torch::TensorOptions().device(device).dtype(torch::kFloat32);
  const auto line = (torch::arange(size, options) + 0.5) / static_cast<double>(size);
  x_ = line.view({1, 1, size});
  y_ = line.view({1, size, 1});
  depth_ = torch::full({columns.batch(), size, size}, -100.0, options);
  image = torch::zeros({columns.batch(), 3, size, size}, options);

  const Scene& scene = columns.row.head.scene;
  auto lx = columns(scene.light_x), ly = columns(scene.light_y), lz = columns(scene.light_z);
  const auto length = (lx * lx + ly * ly + lz * lz).sqrt();
  lx = lx / length, ly = ly / length, lz = lz / length;
  const auto half = (lx * lx + ly * ly + (lz + 1) * (lz + 1)).sqrt();
  half_x_ = torch::stack({lx, lx / half});
  half_y_ = torch::stack({ly, ly / half});
  half_z_ = torch::stack({lz, (lz + 1) / half});
  const auto shading = columns(scene.shading).unsqueeze(1), ambient = columns(scene.ambient).unsqueeze(1);
  base_ = 1 - shading * (1 - ambient);
  key_ = shading * (1.22 - ambient) * columns(scene.light);
}

Surface Canvas::front_of(const Quadric& quadric) const {
  const auto dx = x_ - columns_(quadric.cx), dy = y_ - columns_(quadric.cy);  // a row and a column: cheap
  const auto q12 = columns_(quadric.q12), lx = columns_(quadric.lx), ly = columns_(quadric.ly);
  const auto rise = columns_(quadric.rise);
  Surface surface;
  surface.nx = columns_(quadric.q11) * dx + q12 * dy;
  surface.ny = q12 * dx + columns_(quadric.q22) * dy;
  // 1 - k falls by 2 |Q d| a picture side: the distance to the outline in pixels.
  const auto left = (surface.nx * (-dx)).addcmul_(surface.ny, dy, -1).add_(1);
  const auto slope = (surface.nx * surface.nx).addcmul_(surface.ny, surface.ny).add_(1e-12).sqrt_();
  surface.alpha = edge((left / slope).mul_(0.5 * static_cast<double>(size_)));
  const auto height = left.clamp_min_(0).sqrt_();
  surface.depth = (lx * dx + columns_(quadric.cz)) + ly * dy;
  surface.depth.addcmul_(height, rise);
  surface.nz = height.div_(rise);
  surface.nx.addcmul_(surface.nz, lx, -1);
  surface.ny.addcmul_(surface.nz, ly, -1);
  normalise(surface);
  return surface;
}

torch::Tensor Canvas::inside(const Quadric& quadric, double shift) const {
  const auto dx = x_ - columns_(quadric.cx), dy = y_ - columns_(quadric.cy) - shift;
  return (columns_(quadric.q11) * dx * dx + columns_(quadric.q22) * dy * dy).addcmul_(dx, dy * columns_(quadric.q12), 2);
}

torch::Tensor Canvas::along(const torch::Tensor& depth, const float& cx, const float& cy, const float& cz) const {
  const auto& row = columns_.row;
  auto sum = (x_ - columns_(row.centre_x)) * columns_(cx) + (y_ - columns_(row.centre_y)) * columns_(cy);
  return sum.addcmul_(depth, columns_(cz));
}

torch::Tensor Canvas::lit(const torch::Tensor& albedo, const Surface& surface, double gloss) const {
  // Light wraps around the edge a little, as it does on skin, and comes from the sky a little.
  auto diffuse = (surface.nx * half_x_[0]).addcmul_(surface.ny, half_y_[0]).addcmul_(surface.nz, half_z_[0]);
  diffuse.add_(0.25).mul_(0.8).clamp_min_(0).add_(surface.ny, -0.08);
  auto color = torch::addcmul(base_, key_, diffuse.unsqueeze(1));
  color.mul_(albedo);
  if (gloss > 0) {
    auto shine = (surface.nx * half_x_[1]).addcmul_(surface.ny, half_y_[1]).addcmul_(surface.nz, half_z_[1]);
    shine.clamp_(0, 1);
    for (int i = 0; i < 4; ++i) shine.mul_(shine);
    shine.mul_(columns_(columns_.row.head.scene.gloss) * columns_(columns_.row.head.scene.shading) * gloss);
    color.add_(shine.unsqueeze(1));
  }
  return color;
}

void Canvas::paint(const Surface& surface, const torch::Tensor& color) {
  auto weight = (surface.depth - depth_).mul_(150).add_(0.5).clamp_(0, 1).mul_(surface.alpha);
  const float& outline = columns_.row.head.scene.outline;
  if (columns_.any(outline)) {
    // Where a form turns away from the viewer its ink begins.
    auto ink = (1 - surface.nz.clamp(0, 1)).mul_(6).sub_(4).clamp_(0, 1).mul_(columns_(outline) * 0.85);
    blend(image, color * (1 - ink).unsqueeze(1), weight);
  } else {
    blend(image, color, weight);
  }
  depth_.addcmul_(weight, surface.depth - depth_);
}

}  // namespace animate::heads
