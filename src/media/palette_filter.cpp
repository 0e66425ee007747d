#include "media/palette_filter.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include "media/filter_graph.h"

namespace animate::media {

PaletteFilter::PaletteFilter(int width, int height, AVRational time_base) : graph_(non_null(avfilter_graph_alloc())) {
  graph_->nb_threads = 1;
  // stats_mode=single and new=1: palette and picture pass in pairs, nothing waits for the end of the clip.
  constexpr const char* filters =
      "split[a][b];[a]palettegen=stats_mode=single:reserve_transparent=0[p];"
      "[b][p]paletteuse=new=1:dither=sierra2_4a,format=pal8";
  connect_filters(*graph_, {width, height, AV_PIX_FMT_RGB24, time_base}, filters, source_, sink_);
}

UniqueFrame PaletteFilter::apply(AVFrame& rgb) {
  av_check(av_buffersrc_add_frame_flags(source_, &rgb, AV_BUFFERSRC_FLAG_KEEP_REF | AV_BUFFERSRC_FLAG_PUSH),
           "av_buffersrc_add_frame");
  UniqueFrame reduced = make_frame();
  av_check(av_buffersink_get_frame(sink_, reduced.get()), "av_buffersink_get_frame");
  return reduced;
}

}  // namespace animate::media
