#pragma once

#include <span>
#include <string>
#include <vector>

#include "animate/image.h"
#include "animate/point.h"

namespace animate::pictures {

// One panel of a contact sheet. Everything is in pixels of its picture; what falls outside is not drawn.
struct PreviewPanel {
  Image picture;  // empty: an empty panel, where there is nothing to show
  std::string label;
  std::vector<std::vector<Point>> outlines;  // closed: face boxes, crops
  std::vector<Point> points;                 // keypoints, coloured as draw_keypoints does
};

// The source large on the left; right of it the driver's frames above the results that belong to them.
// Pictures keep their shape inside their panels. `driving` and `results` are equally long, else Error(Internal).
Image preview_sheet(const PreviewPanel& source, std::span<const PreviewPanel> driving,
                    std::span<const PreviewPanel> results);

}  // namespace animate::pictures
