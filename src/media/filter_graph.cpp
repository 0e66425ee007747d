#include "media/filter_graph.h"

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

AVFilterContext* buffer_source(AVFilterGraph& graph, const PictureFormat& format) {
  AVFilterContext* source = non_null(avfilter_graph_alloc_filter(&graph, avfilter_get_by_name("buffer"), "in"));
  struct Free {
    void operator()(AVBufferSrcParameters* parameters) const { av_free(parameters); }
  };
  const std::unique_ptr<AVBufferSrcParameters, Free> parameters(non_null(av_buffersrc_parameters_alloc()));
  parameters->format = format.format;
  parameters->width = format.width;
  parameters->height = format.height;
  parameters->time_base = format.time_base;
  parameters->sample_aspect_ratio = format.aspect;
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(10, 0, 100)
  parameters->color_space = static_cast<AVColorSpace>(format.colorspace);
  parameters->color_range = static_cast<AVColorRange>(format.range);
#endif
  av_check(av_buffersrc_parameters_set(source, parameters.get()), "av_buffersrc_parameters_set");
  av_check(avfilter_init_str(source, nullptr), "avfilter_init_str");
  return source;
}

}  // namespace

void connect_filters(AVFilterGraph& graph, const PictureFormat& format, const std::string& filters,
                     AVFilterContext*& source, AVFilterContext*& sink) {
  source = buffer_source(graph, format);
  av_check(avfilter_graph_create_filter(&sink, avfilter_get_by_name("buffersink"), "out", nullptr, nullptr, &graph),
           "avfilter_graph_create_filter");
  AVFilterInOut* inputs = end_point("out", sink).release();
  AVFilterInOut* outputs = end_point("in", source).release();
  const std::string text = "[in]" + filters + "[out]";
  const int parsed = avfilter_graph_parse_ptr(&graph, text.c_str(), &inputs, &outputs, nullptr);
  const UniqueInOut inputs_guard(inputs), outputs_guard(outputs);
  av_check(parsed, "avfilter_graph_parse_ptr");
  av_check(avfilter_graph_config(&graph, nullptr), "avfilter_graph_config");
}

}  // namespace animate::media
