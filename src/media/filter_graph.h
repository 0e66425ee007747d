#pragma once

#include <string>

#include "media/av_ptr.h"

namespace animate::media {

// What pictures a filter graph is fed with.
struct PictureFormat {
  int width = 0;
  int height = 0;
  int format = AV_PIX_FMT_NONE;
  AVRational time_base{1, 25};
  AVRational aspect{1, 1};
  int colorspace = AVCOL_SPC_UNSPECIFIED;
  int range = AVCOL_RANGE_UNSPECIFIED;
};

// Builds buffer -> `filters` (as on ffmpeg's command line, one input and one output) -> buffersink in an empty graph,
// which then owns `source` and `sink`. Throws Error(Internal) where FFmpeg refuses the filters.
void connect_filters(AVFilterGraph& graph, const PictureFormat& format, const std::string& filters,
                     AVFilterContext*& source, AVFilterContext*& sink);

}  // namespace animate::media
