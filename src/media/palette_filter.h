#pragma once

#include "media/av_ptr.h"

namespace animate::media {

// RGB pictures -> 256 colours, a palette of its own for every picture, dithered. For GIF. One picture in, one out,
// so memory stays flat. Not thread-safe.
class PaletteFilter {
 public:
  PaletteFilter(int width, int height, AVRational time_base);
  UniqueFrame apply(AVFrame& rgb);

 private:
  UniqueGraph graph_;
  AVFilterContext* source_ = nullptr;  // owned by graph_
  AVFilterContext* sink_ = nullptr;
};

}  // namespace animate::media
