#pragma once

#include <torch/types.h>

#include "heads/canvas.h"

namespace animate::heads {

// The lines of the features painted on a face, as functions of (u, v) and the expression: read by the painter and by
// the truth of the warp, so that both know the same lids and lips. Planes broadcast: fields of `columns` are
// [B, 1, 1], places [B, S, S]. across is |u|, side its sign (-1 left in the picture).

// Both eyes in one. Lengths in u (width) and v (height, lids).
struct EyeLines {
  torch::Tensor x, y;           // from the eye's centre: in half widths, in v
  torch::Tensor width, height;  // [B, 1, 1]; half the eye's width, height of the upper lid's arch when open
  torch::Tensor open;           // the eye's own openness
  torch::Tensor arch;           // 1 in the eye's middle, 0 at its corners
  torch::Tensor upper, lower;   // edges of the lids, in y
  torch::Tensor thick;          // half the height of the lashes, in u
};
EyeLines eye_lines(const Columns& columns, const torch::Tensor& across, const torch::Tensor& side,
                   const torch::Tensor& v);

struct BrowLines {
  torch::Tensor x;       // from its centre, in half widths
  torch::Tensor width;   // [B, 1, 1], half of it, in u
  torch::Tensor middle;  // v
  torch::Tensor thick;   // half of it, in u; 0 from the ends on
};
BrowLines brow_lines(const Columns& columns, const torch::Tensor& across);

// The mouth at x = u / half width. All but arch in v, counted from the mouth's bow, which lies at mouth_y - bow.
struct MouthLines {
  torch::Tensor arch;  // 1 in the middle, 0 at the corners
  torch::Tensor bow;
  torch::Tensor top, bottom;              // of the lips
  torch::Tensor inner_top, inner_bottom;  // of the opening
  torch::Tensor teeth_edge;               // where the teeth end
};
MouthLines mouth_lines(const Columns& columns, const torch::Tensor& x);

// How dense a beard is at each place, 0..1, whether or not the head wears one.
torch::Tensor beard_of(const Columns& columns, const torch::Tensor& u, const torch::Tensor& v);
// Distance from the moustache's edge, positive inside, about in u.
torch::Tensor moustache_of(const Columns& columns, const torch::Tensor& u, const torch::Tensor& v);

struct GlassesLines {
  torch::Tensor x, y;      // from the lens's centre, in half widths
  torch::Tensor distance;  // from the lens's edge in u, positive inside
  torch::Tensor frame;     // from the frame's edge in u, positive on the frame
};
GlassesLines glasses_lines(const Columns& columns, const torch::Tensor& across, const torch::Tensor& v);

torch::Tensor squared(const torch::Tensor& x);
// A hill of height 1 around 0 with an end at twice its width, so that what lies farther away needs no work; x and y
// already divided by its widths.
torch::Tensor spot(const torch::Tensor& x, const torch::Tensor& y);

}  // namespace animate::heads
