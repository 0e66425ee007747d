#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "animate/image.h"
#include "animate/point.h"

namespace animate {

// matplotlib's gist_rainbow at u in [0, 1], through its table of 256 colours (FOMM, spec section 14). RGB in 0 to 255.
std::array<uint8_t, 3> gist_rainbow(double u);

// Draws keypoints given in [-1, 1], x then y, as discs of `radius` pixels in the visualiser's colours: keypoint i of K
// takes gist_rainbow(i / K); later ones cover earlier ones; what lies outside is cut.
void draw_keypoints(Image& image, std::span<const Point> keypoints, double radius);

// Pictures of one height next to each other, left to right.
Image side_by_side(std::span<const Image> images);

}  // namespace animate
