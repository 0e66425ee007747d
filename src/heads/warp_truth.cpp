#include "heads/warp_truth.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "heads/face_flow.h"
#include "heads/head_fronts.h"

namespace animate::heads {
namespace {

using torch::Tensor;

// How far depths may differ and still be the same place: this and what the surface rises over most of a pixel, because
// the source's depth is known at pixels only. In picture sides.
constexpr double kSameDepth = 0.012, kPixelShare = 0.75;

std::vector<HeadRow> rows_of(std::span<const Head> heads) {
  std::vector<HeadRow> rows;
  rows.reserve(heads.size());
  for (const Head& head : heads) rows.push_back(make_row(head));
  return rows;
}

Tensor is(const Tensor& solids, Solid solid) { return solids == static_cast<uint8_t>(solid); }

// Height of the face's front over (u, v) in face widths: skull and jaw, of which the nearer cuts (head_rows.cpp).
Tensor height_of_face(const Columns& columns, const Tensor& u, const Tensor& v) {
  const auto root = [](const Tensor& squares) { return (1 - squares).clamp_min_(0).sqrt_(); };
  const auto skull = root(0.85 * u * u + 0.6 * v * v) * 0.95;
  const auto a = u / columns(columns.row.head.identity.jaw_width), b = (v + 0.35) / 1.35;
  return torch::minimum(skull, root(a * a + b * b) * 1.6 + 0.6);
}

struct Places {
  Tensor x, y, depth;  // in picture sides
};

// Points of the head at (u, v, w), w in face widths, where the pose puts them. The rows of the map into the head are
// R^T / (scale face width) and the like (head_rows.h), so R scale is those times the squares of the units.
Places place_points(const Columns& columns, const Tensor& u, const Tensor& v, const Tensor& w) {
  const HeadRow& row = columns.row;
  const auto wide = columns(row.unit).square(), high = wide * columns(row.aspect).square();
  const auto sum = [&](const float& along_u, const float& along_v, const float& along_w) {
    return (u * (columns(along_u) * wide)).addcmul_(v, columns(along_v) * high).addcmul_(w, columns(along_w) * wide);
  };
  return {sum(row.u_x, row.v_x, row.w_x) + columns(row.centre_x),
          sum(row.u_y, row.v_y, row.w_y) + columns(row.centre_y), sum(row.u_z, row.v_z, row.w_z)};
}

// The driving neck's ellipse onto the source's: along its axis and across it.
std::pair<Tensor, Tensor> neck_places(const Columns& source, const Columns& driving, const Canvas& canvas) {
  const HeadRow& row = driving.row;
  const auto dx = canvas.x() - driving(row.neck.cx), dy = canvas.y() - driving(row.neck.cy);
  const auto ax = driving(row.neck_x), ay = driving(row.neck_y);
  const auto bx = source(source.row.neck_x), by = source(source.row.neck_y);
  const auto length = (ax * ax + ay * ay).sqrt(), length_then = (bx * bx + by * by).sqrt();
  const auto along = (dx * ax + dy * ay) / (length * length);
  const auto across = (dy * ax - dx * ay) / length * (source(source.row.unit) / driving(row.unit) / length_then);
  return {source(source.row.neck.cx) + along * bx - across * by, source(source.row.neck.cy) + along * by + across * bx};
}

// planes [B, S, S] at pixels [B, S, S] (whole numbers in the picture).
Tensor at_pixels(const Tensor& planes, const Tensor& index) {
  return planes.flatten(1).gather(1, index.flatten(1)).view(index.sizes());
}

WarpTruth truth_of_chunk(std::span<const Head> source_heads, std::span<const Head> driving_heads, int64_t size,
                         const torch::Device& device) {
  const Columns source(rows_of(source_heads), device), driving(rows_of(driving_heads), device);
  const Fronts then = fronts_of(source, size, device), now = fronts_of(driving, size, device);
  const Canvas canvas(driving, size, device);
  const HeadRow& row = driving.row;
  const auto& solid = now.solid;

  const auto u = canvas.along(now.depth, row.u_x, row.u_y, row.u_z);
  const auto v = canvas.along(now.depth, row.v_x, row.v_y, row.v_z);
  const auto w = canvas.along(now.depth, row.w_x, row.w_y, row.w_z);
  const auto face = is(solid, Solid::Face);
  const FaceFlow flow = face_flow(source, driving, u, v);
  const auto u_then = torch::where(face, flow.u, u), v_then = torch::where(face, flow.v, v);
  const auto w_then = w + torch::where(face, height_of_face(driving, u_then, v_then) - height_of_face(driving, u, v),
                                       torch::zeros_like(w));
  Places places = place_points(source, u_then, v_then, w_then);

  const auto put = [&](const Tensor& where, const Tensor& x, const Tensor& y) {
    places.x = torch::where(where, x, places.x);
    places.y = torch::where(where, y, places.y);
  };
  const auto body = is(solid, Solid::Torso).logical_or_(is(solid, Solid::Collar));
  put(body, canvas.x() + (source(source.row.body_x) - driving(row.body_x)),
      canvas.y() + (source(source.row.body_y) - driving(row.body_y)));
  const auto neck = is(solid, Solid::Neck);
  const auto [neck_x, neck_y] = neck_places(source, driving, canvas);
  put(neck, neck_x, neck_y);
  const auto backdrop = is(solid, Solid::Backdrop);
  put(backdrop, canvas.x(), canvas.y());

  // The source's front at the pixel nearest to each place.
  const auto pixel = [size](const Tensor& place) {
    return (place * static_cast<double>(size)).floor_().clamp_(0, static_cast<double>(size - 1)).to(torch::kInt64);
  };
  const auto inside = [](const Tensor& place) { return (place > 0).logical_and_(place < 1); };
  const auto index = pixel(places.y) * size + pixel(places.x);
  auto visible = (at_pixels(then.solid, index) == solid).logical_and_(inside(places.x)).logical_and_(inside(places.y));
  const auto slack = at_pixels(then.slope, index) * (kPixelShare / static_cast<double>(size)) + kSameDepth;
  const auto same_depth = (at_pixels(then.depth, index) - places.depth).abs_() <= slack;
  const auto rigid = body.logical_or(neck).logical_or_(backdrop).logical_not_();
  visible.logical_and_(same_depth.logical_or_(rigid.logical_not()));
  visible.logical_and_(flow.same.logical_or(face.logical_not()));
  return {torch::stack({places.x, places.y}, -1).mul_(2).sub_(1), visible.to(torch::kFloat32)};
}

}  // namespace

WarpTruth warp_truth(std::span<const Head> source, std::span<const Head> driving, int64_t size,
                     const torch::Device& device) {
  check(size >= 16 && size <= 2048, ErrorKind::Usage, "heads: a size of {} pixels is out of range; use 16 to 2048",
        size);
  check(source.size() == driving.size(), ErrorKind::Internal, "heads: {} sources for {} driving heads", source.size(),
        driving.size());
  for (size_t i = 0; i < source.size(); ++i) {
    check(std::memcmp(&source[i].identity, &driving[i].identity, sizeof(Identity)) == 0, ErrorKind::Internal,
          "heads: pair {} is of two identities, between which nothing flows", i);
  }
  const at::NoGradGuard no_gradients;
  const auto count = static_cast<int64_t>(source.size());
  // Few calls for small planes; planes that fill the cache alone.
  const int64_t together = (device.is_cuda() ? int64_t{1} << 23 : int64_t{1} << 15) / (size * size);
  const auto options = torch::TensorOptions().device(device).dtype(torch::kFloat32);
  WarpTruth truth{torch::empty({count, size, size, 2}, options), torch::empty({count, size, size}, options)};
  for (int64_t begin = 0; begin < count;) {
    const int64_t length = std::min(std::max<int64_t>(1, together), count - begin);
    const auto part = [&](std::span<const Head> all) {
      return all.subspan(static_cast<size_t>(begin), static_cast<size_t>(length));
    };
    const WarpTruth chunk = truth_of_chunk(part(source), part(driving), size, device);
    truth.grid.narrow(0, begin, length).copy_(chunk.grid);
    truth.visible.narrow(0, begin, length).copy_(chunk.visible);
    begin += length;
  }
  return truth;
}

}  // namespace animate::heads
