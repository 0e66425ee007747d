#include "face/concat_frames.h"

#include <vector>

#include "face/draw.h"
#include "face/exact_resize.h"

namespace animate::face {

Image concat_frames(const Image& driving, const Image& source, const Image& generated) {
  std::vector<Image> row;
  if (!driving.empty()) row.push_back(resize_linear(driving, generated.width(), generated.height()));
  row.push_back(resize_linear(source, generated.width(), generated.height()));
  row.push_back(generated);
  return side_by_side(row);
}

}  // namespace animate::face
