#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "animate/image.h"
#include "animate/point.h"

namespace animate::pictures {

// What the previews are made of: the original's visualiser (logger.py), without Matplotlib. Free functions; several
// threads may draw on different images at once.

// The colour map gist_rainbow (base/colormap.h) at u in [0, 1], as R, G, B: Matplotlib's table of 256 entries, entry
// trunc(256 u), each value cut (not rounded) to 8 bits, as the original does when it writes its pictures.
std::array<uint8_t, 3> keypoint_colour(double u);

// Fills a disc for every keypoint; x and y in [-1, 1], from border to border of the picture. Of the K keypoints the
// i-th has the colour keypoint_colour(i / K), and later ones cover earlier ones. `radius` in pixels: a pixel belongs to
// the disc when it lies less than that from ( W (x + 1) / 2 , H (y + 1) / 2 ). What falls outside is not drawn.
void draw_keypoints(Image& image, std::span<const Point> keypoints, double radius);

// The pictures in a row, left to right. They must have the same height: Error(Internal) otherwise.
Image side_by_side(std::span<const Image> images);

// The row that shows what drove what: driving frame, source, generated; each brought to the generated picture's
// size, bilinearly. An empty driving frame (a motion template has none) is left out.
Image concat_frames(const Image& driving, const Image& source, const Image& generated);

}  // namespace animate::pictures
