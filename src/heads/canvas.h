#pragma once

#include <torch/types.h>

#include <initializer_list>
#include <span>
#include <unordered_map>
#include <vector>

#include "heads/head_rows.h"

namespace animate::heads {

// The numbers of a batch of heads on a device. A field is named through `row`, as in
// `columns(columns.row.head.identity.eye_x)`, and comes as [B, 1, 1], ready to meet planes [B, S, S].
class Columns {
 public:
  Columns(std::span<const HeadRow> rows, const torch::Device& device);
  Columns(const Columns&) = delete;  // the fields' names are this object's own
  Columns& operator=(const Columns&) = delete;

  torch::Tensor operator()(const float& field) const;
  // [B, 3, 1, 1], to meet [B, 3, S, S]
  torch::Tensor operator()(const Color& color) const;
  // Whether the field is not zero for some head: what nobody wears is not drawn.
  bool any(const float& field) const;
  float at(size_t head, const float& field) const;
  const HeadRow& of(size_t head) const { return rows_[head]; }
  int64_t batch() const { return static_cast<int64_t>(rows_.size()); }

  const HeadRow row{};  // its members are the names of the fields; what they hold does not matter

 private:
  int64_t index_of(const float& field) const;
  std::span<const float> values_of(const float& field) const;  // of all heads

  std::vector<HeadRow> rows_;
  std::unordered_map<const float*, int64_t> index_;  // where a member of `row` lies in the table
  torch::Tensor numbers_;                            // [fields, B], in the computer's memory
  torch::Tensor table_;                              // the same on the device
};

// The front of a solid, plane by plane, all [B, S, S].
struct Surface {
  torch::Tensor alpha;       // 0..1, antialiased at the silhouette
  torch::Tensor depth;       // towards the viewer, in picture sides
  torch::Tensor nx, ny, nz;  // unit normals: right, down, towards the viewer
};

// A part of the picture, in pixels; x1 and y1 lie outside.
struct Box {
  int64_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  bool empty() const { return x0 >= x1 || y0 >= y1; }
};

// planes [..., S, S] of `outer` -> a view of the part `inner`, which lies in it.
torch::Tensor crop(const torch::Tensor& planes, const Box& outer, const Box& inner);
Surface crop(const Surface& surface, const Box& outer, const Box& inner);

// A picture under work: solids are painted onto it in any order, the nearer one wins.
class Canvas {
 public:
  Canvas(const Columns& columns, int64_t size, const torch::Device& device);

  // All planes below are those of the part in focus, which is the whole picture at first. Outside a solid's outline
  // nothing would change, so leaving that out gives the same pixels and saves most of the time.
  void focus(const Box& box);
  const Box& box() const { return box_; }
  // The part that holds these ellipsoids, of all heads that have `worn` (of all heads: nullptr).
  Box box_of(std::initializer_list<const Quadric*> solids, const float* worn = nullptr) const;
  // The part that holds |u| <= across, top <= v <= bottom of the faces, where top and bottom count from the field `v`.
  Box box_of_face(double across, const float& v, double top, double bottom) const;

  // Pixel centres in picture sides: [1, 1, S] and [1, S, 1].
  const torch::Tensor& x() const { return x_; }
  const torch::Tensor& y() const { return y_; }
  int64_t size() const { return size_; }
  torch::Tensor filled(const torch::Tensor& color) const { return color.expand_as(view_).clone(); }

  // The ellipsoid's front (head_rows.h).
  Surface front_of(const Quadric& quadric) const;
  // k of the ellipsoid: below 1 inside its outline, moved down by `shift` picture sides.
  torch::Tensor inside(const Quadric& quadric, double shift = 0) const;
  // c0 x + c1 y + c2 depth of the picture's point relative to the head's centre.
  torch::Tensor along(const torch::Tensor& depth, const float& cx, const float& cy, const float& cz) const;

  // albedo [B, 3, 1 or S, 1 or S], lit by the scene's light. gloss: the share of the scene's gloss it shows.
  torch::Tensor lit(const torch::Tensor& albedo, const Surface& surface, double gloss) const;
  // Paints what is nearer than everything before, with ink along the silhouette where the scene wants it.
  void paint(const Surface& surface, const torch::Tensor& color);

  torch::Tensor image;  // [B, 3, S, S], the whole picture

 private:
  const Columns& columns_;
  int64_t size_;
  Box box_;
  torch::Tensor line_;  // pixel centres, [S]
  torch::Tensor x_, y_;
  torch::Tensor whole_depth_;
  torch::Tensor view_, depth_;              // the parts in focus
  torch::Tensor half_x_, half_y_, half_z_;  // between light and viewer
  torch::Tensor base_, key_;                // [B, 3, 1, 1]: light without and with the lamp
};

// 0..1 over one pixel around distance 0; `distance` in pixels, positive inside. Works in place.
torch::Tensor edge(torch::Tensor distance);
// image += weight (color - image), in place; weight [B, S, S], color [B, 3, 1 or S, 1 or S].
void blend(torch::Tensor& image, const torch::Tensor& color, const torch::Tensor& weight);
// 0 below low, 1 above high, smooth between.
torch::Tensor smooth_step(const torch::Tensor& value, double low, double high);
// Puts surface b on a where it is nearer, with a rounded seam `softness` wide.
void unite(Surface& a, const Surface& b, double softness);

}  // namespace animate::heads
