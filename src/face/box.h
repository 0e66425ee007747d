#pragma once

namespace animate {

// A rectangle in a picture, in pixels from the top left corner.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

}  // namespace animate
