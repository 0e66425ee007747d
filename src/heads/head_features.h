#pragma once

#include <torch/types.h>

#include "heads/canvas.h"

namespace animate::heads {

// Where each pixel lies on the face, planes [B, S, S]: what is painted in (u, v) turns and foreshortens with the head.
struct FaceMap {
  torch::Tensor u, v;
  torch::Tensor across;  // |u|: both halves of the face in one
  torch::Tensor side;    // -1 left in the picture, 1 right
  torch::Tensor pixels;  // one u in pixels, where the surface is seen at this slant
};

// Hollows around the eyes, cheeks and the roundness around the mouth, as slopes of the surface's normals.
void add_relief(const Columns& columns, const FaceMap& map, Surface& face);

FaceMap crop(const FaceMap& map, const Box& outer, const Box& inner);

// Paints eyes, brows, mouth, beard, glasses and what the skin shows onto `skin` [B, 3, S, S]
// (heads/README.md#renderer). `canvas` is only asked where things lie. flat: without the shadow of the lids and the
// light on the lips.
void paint_features(const Columns& columns, const Canvas& canvas, const FaceMap& map, bool flat, torch::Tensor& skin);

}  // namespace animate::heads
