#include "media/palette_filter.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include "base/error.h"

namespace animate::media {
namespace {

struct InOutDeleter {
  void operator()(AVFilterInOut* list) const { avfilter_inout_free(&list); }
};
using UniqueInOut = std::unique_ptr<AVFilterInOut, InOutDeleter>;

UniqueInOut end_point(const char* name, AVFilterContext* filter) {
  UniqueInOut point(non_null(avfilter_inout_alloc()));
  point->name = non_null(av_strdup(name));
  point->filter_ctx = filter;
  return point;
}

}  // namespace

PaletteFilter::PaletteFilter(int width, int height, AVRational time_base) : graph_(non_null(avfilter_graph_alloc())) {
  graph_->nb_threads = 1;
  const std::string format = fmt::format("video_size={}x{}:pix_fmt={}:time_base={}/{}:pixel_aspect=1/1", width, height,
                                         static_cast<int>(AV_PIX_FMT_RGB24), time_base.num, time_base.den);
  av_check(avfilter_graph_create_filter(&source_, avfilter_get_by_name("buffer"), "in", format.c_str(), nullptr,
                                        graph_.get()),
           "avfilter_graph_create_filter");
  av_check(
      avfilter_graph_create_filter(&sink_, avfilter_get_by_name("buffersink"), "out", nullptr, nullptr, graph_.get()),
      "avfilter_graph_create_filter");
  // stats_mode=single and new=1: palette and picture pass in pairs, nothing waits for the end of the clip.
  constexpr const char* graph_text =
      "[in]split[a][b];[a]palettegen=stats_mode=single:reserve_transparent=0[p];"
      "[b][p]paletteuse=new=1:dither=sierra2_4a,format=pal8[out]";
  AVFilterInOut* inputs = end_point("out", sink_).release();
  AVFilterInOut* outputs = end_point("in", source_).release();
  const int parsed = avfilter_graph_parse_ptr(graph_.get(), graph_text, &inputs, &outputs, nullptr);
  const UniqueInOut inputs_guard(inputs), outputs_guard(outputs);
  av_check(parsed, "avfilter_graph_parse_ptr");
  av_check(avfilter_graph_config(graph_.get(), nullptr), "avfilter_graph_config");
}

UniqueFrame PaletteFilter::apply(AVFrame& rgb) {
  av_check(av_buffersrc_add_frame_flags(source_, &rgb, AV_BUFFERSRC_FLAG_KEEP_REF | AV_BUFFERSRC_FLAG_PUSH),
           "av_buffersrc_add_frame");
  UniqueFrame reduced = make_frame();
  av_check(av_buffersink_get_frame(sink_, reduced.get()), "av_buffersink_get_frame");
  return reduced;
}

}  // namespace animate::media
