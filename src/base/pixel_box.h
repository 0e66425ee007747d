#pragma once

namespace animate {
inline namespace base {

// A rectangle of a picture's pixels that lies inside the picture.
struct PixelBox {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  bool empty() const { return width == 0 || height == 0; }
};

}  // namespace base
}  // namespace animate
