#pragma once

namespace animate::pictures {

// An upright rectangle in a picture, in pixels from the top left corner: it covers x up to, not including,
// x + width. Detectors give fractions; the crops of crop_region.h have whole numbers only.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  bool operator==(const Box&) const = default;
};

}  // namespace animate::pictures
