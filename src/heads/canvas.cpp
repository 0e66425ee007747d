#include "heads/canvas.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "heads/head_numbers.h"

namespace animate::heads {

Columns::Columns(std::span<const HeadRow> rows, const torch::Device& device) : rows_(rows.begin(), rows.end()) {
  for_each_number(row, [this](const float& number) { index_.emplace(&number, std::ssize(index_)); });
  auto table = torch::empty({batch(), std::ssize(index_)}, torch::kFloat32);
  float* at = table.data_ptr<float>();
  for (const HeadRow& each : rows_) for_each_number(each, [&at](const float& number) { *at++ = number; });
  // One line a number, so that a field of all heads lies together.
  numbers_ = table.t().contiguous();
  table_ = numbers_.to(device);
}

int64_t Columns::index_of(const float& field) const {
  const auto found = index_.find(&field);
  check(found != index_.end(), ErrorKind::Internal, "heads: that is no field of the table's row");
  return found->second;
}

torch::Tensor Columns::operator()(const float& field) const {
  return table_.select(0, index_of(field)).view({batch(), 1, 1});
}

torch::Tensor Columns::operator()(const Color& color) const {
  return table_.narrow(0, index_of(color.r), 3).t().reshape({batch(), 3, 1, 1});
}

std::span<const float> Columns::values_of(const float& field) const {
  const auto heads = static_cast<size_t>(batch());
  return {numbers_.data_ptr<float>() + static_cast<size_t>(index_of(field)) * heads, heads};
}

bool Columns::any(const float& field) const {
  const auto values = values_of(field);
  return std::any_of(values.begin(), values.end(), [](float value) { return value != 0; });
}

float Columns::at(size_t head, const float& field) const { return values_of(field)[head]; }

torch::Tensor crop(const torch::Tensor& planes, const Box& outer, const Box& inner) {
  return planes.narrow(-2, inner.y0 - outer.y0, inner.y1 - inner.y0)
      .narrow(-1, inner.x0 - outer.x0, inner.x1 - inner.x0);
}

Surface crop(const Surface& surface, const Box& outer, const Box& inner) {
  return {crop(surface.alpha, outer, inner), crop(surface.depth, outer, inner), crop(surface.nx, outer, inner),
          crop(surface.ny, outer, inner), crop(surface.nz, outer, inner)};
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
  const auto inverse = (surface.nx * surface.nx)
                           .addcmul_(surface.ny, surface.ny)
                           .addcmul_(surface.nz, surface.nz)
                           .clamp_min_(1e-12)
                           .rsqrt_();
  surface.nx.mul_(inverse);
  surface.ny.mul_(inverse);
  surface.nz.mul_(inverse);
}

}  // namespace

void unite(Surface& a, const Surface& b, double softness) {
  // Outside its outline a surface continues as a plane; there the other one must not be hidden by it.
  auto nearer = (b.depth - a.depth).mul_(1 / softness).add_(0.5).clamp_(0, 1);
  nearer = torch::maximum(nearer, 1 - a.alpha).mul_(b.alpha);
  a.alpha.copy_(torch::maximum(a.alpha, b.alpha));  // in place: a may be a part of a larger surface
  a.depth.addcmul_(nearer, b.depth - a.depth);
  a.nx.addcmul_(nearer, b.nx - a.nx);
  a.ny.addcmul_(nearer, b.ny - a.ny);
  a.nz.addcmul_(nearer, b.nz - a.nz);
}

Canvas::Canvas(const Columns& columns, int64_t size, const torch::Device& device) : columns_(columns), size_(size) {
  const auto options = torch::TensorOptions().device(device).dtype(torch::kFloat32);
  line_ = (torch::arange(size, options) + 0.5) / static_cast<double>(size);
  whole_depth_ = torch::full({columns.batch(), size, size}, -100.0, options);
  image = torch::zeros({columns.batch(), 3, size, size}, options);
  focus({0, 0, size, size});

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

void Canvas::focus(const Box& box) {
  box_ = box;
  const Box whole{0, 0, size_, size_};
  x_ = line_.narrow(0, box.x0, box.x1 - box.x0).view({1, 1, -1});
  y_ = line_.narrow(0, box.y0, box.y1 - box.y0).view({1, -1, 1});
  view_ = crop(image, whole, box);
  depth_ = crop(whole_depth_, whole, box);
}

namespace {

// Collects the extent of what is drawn; positions in picture sides.
class Extent {
 public:
  void add(double x, double y, double half_width = 0, double half_height = 0) {
    x0_ = std::min(x0_, x - half_width), x1_ = std::max(x1_, x + half_width);
    y0_ = std::min(y0_, y - half_height), y1_ = std::max(y1_, y + half_height);
  }
  // With a margin for soft edges; empty where nothing lies in the picture.
  Box box(int64_t size) const {
    const auto pixel = [&](double side, double margin) {
      const double at = std::clamp(side, -1.0, 2.0) * static_cast<double>(size) + margin;
      return std::clamp<int64_t>(static_cast<int64_t>(std::floor(at)), 0, size);
    };
    return {pixel(x0_, -2), pixel(y0_, -2), pixel(x1_, 3), pixel(y1_, 3)};
  }

 private:
  static constexpr double kFar = 10;
  double x0_ = kFar, y0_ = kFar, x1_ = -kFar, y1_ = -kFar;
};

}  // namespace

Box Canvas::box_of(std::initializer_list<const Quadric*> solids, const float* worn) const {
  Extent extent;
  for (size_t head = 0; head < static_cast<size_t>(columns_.batch()); ++head) {
    if (worn != nullptr && columns_.at(head, *worn) == 0) continue;
    for (const Quadric* solid : solids) {
      const double q11 = columns_.at(head, solid->q11), q12 = columns_.at(head, solid->q12);
      const double q22 = columns_.at(head, solid->q22);
      const double determinant = std::max(q11 * q22 - q12 * q12, 1e-9);
      extent.add(columns_.at(head, solid->cx), columns_.at(head, solid->cy), std::sqrt(q22 / determinant),
                 std::sqrt(q11 / determinant));
    }
  }
  return extent.box(size_);
}

Box Canvas::box_of_face(double across, const float& v, double top, double bottom) const {
  Extent extent;
  for (size_t head = 0; head < static_cast<size_t>(columns_.batch()); ++head) {
    const Head& drawn = columns_.of(head).head;
    for (const double down : {top, (top + bottom) / 2, bottom}) {
      for (const double u : {-across, -across / 2, 0.0, across / 2, across}) {
        const Vector3 point = place(drawn.pose, surface_point(drawn.identity, u, columns_.at(head, v) + down));
        extent.add(point[0], point[1], 0.02, 0.02);  // the face bulges between these points
      }
    }
  }
  Box box = extent.box(size_);
  box = {std::max(box.x0, box_.x0), std::max(box.y0, box_.y0), std::min(box.x1, box_.x1), std::min(box.y1, box_.y1)};
  return box;
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
  return (columns_(quadric.q11) * dx * dx + columns_(quadric.q22) * dy * dy)
      .addcmul_(dx, dy * columns_(quadric.q12), 2);
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
    blend(view_, color * (1 - ink).unsqueeze(1), weight);
  } else {
    blend(view_, color, weight);
  }
  depth_.addcmul_(weight, surface.depth - depth_);
}

}  // namespace animate::heads
