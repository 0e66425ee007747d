#include "media/picture_filter.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include <utility>

#include "base/error.h"
#include "media/codec_threads.h"
#include "media/filter_graph.h"

namespace animate::media {
namespace {

bool says_interlaced(AVFieldOrder order) {
  return order == AV_FIELD_TT || order == AV_FIELD_BB || order == AV_FIELD_TB || order == AV_FIELD_BT;
}

bool has_filter(const char* name) { return avfilter_get_by_name(name) != nullptr; }

bool is_hdr(const AVFrame& frame) {
  return frame.color_trc == AVCOL_TRC_SMPTE2084 || frame.color_trc == AVCOL_TRC_ARIB_STD_B67;
}

bool is_bt2020(const AVFrame& frame) { return frame.color_primaries == AVCOL_PRI_BT2020; }

// The other tags of HDR are left out by many encoders; zscale asks for all of them.
const char* or_unset(bool unset, const char* option) { return unset ? option : ""; }

}  // namespace

PictureFilter::PictureFilter(const AVStream& stream, std::string name, Switch deinterlace, Colors colors)
    : time_base_(stream.time_base),
      aspect_(stream.codecpar->sample_aspect_ratio),
      name_(std::move(name)),
      deinterlace_(deinterlace),
      field_stream_(says_interlaced(stream.codecpar->field_order)),
      own_colors_(colors == Colors::Own || !has_filter("zscale") || !has_filter("tonemap")) {}

bool PictureFilter::wants_deinterlacing(const AVFrame& frame) {
  if (deinterlace_ == Switch::Off || frame.width < 3 || frame.height < 4 || !has_filter("bwdif")) return false;
  if (interlaced_) return true;
  const bool flagged = is_interlaced(frame);
  if (deinterlace_ == Switch::Auto && !flagged && !field_stream_) return false;
  // Where only the header says so, the pictures' own flags are not kept, and all of them are changed.
  by_flags_ = deinterlace_ == Switch::Auto && flagged;
  interlaced_ = true;
  notes_.push_back(name_ + (flagged || field_stream_
                                ? ": is interlaced, so it is deinterlaced (--deinterlace off keeps it)"
                                : ": is deinterlaced, as --deinterlace on asks"));
  return true;
}

PictureFilter::Task PictureFilter::task_of(const AVFrame& frame) {
  Task task;
  task.deinterlace = wants_deinterlacing(frame);
  if (!colors_failed_ && !own_colors_) {
    task.tone_map = is_hdr(frame);
    task.to_bt709 = !task.tone_map && is_bt2020(frame);
  }
  if (!told_colors_ && (is_hdr(frame) || is_bt2020(frame))) {
    const char* kind = frame.color_trc == AVCOL_TRC_SMPTE2084 ? "PQ" : "HLG";
    notes_.push_back(is_hdr(frame)
                         ? fmt::format("{}: is HDR ({}), so its colours are tone-mapped to BT.709", name_, kind)
                         : name_ + ": has the colours of BT.2020, so they are converted to BT.709");
    told_colors_ = true;
  }
  if (!task.any()) return {};
  task.width = frame.width;
  task.height = frame.height;
  task.format = frame.format;
  task.colorspace = frame.colorspace;
  task.range = frame.color_range;
  task.primaries = frame.color_primaries;
  task.transfer = frame.color_trc;
  return task;
}

// White of what is not HDR lies at 203 cd/m2 (ITU-R BT.2408). Up to 0.7 of it the light stays as it is; what is
// brighter, up to ten times as bright, is compressed (the "mobius" curve).
std::string PictureFilter::description(const Task& task) const {
  std::string text;
  if (task.deinterlace) text = std::string("bwdif=mode=send_frame:deint=") + (by_flags_ ? "interlaced" : "all");
  if (!task.tone_map && !task.to_bt709) return text;
  if (!text.empty()) text += ",";
  // zscale refuses odd sizes of pictures whose colours have a lower resolution.
  if (task.width % 2 != 0 || task.height % 2 != 0) text += "format=yuv444p12le,";
  text += "zscale=t=linear:npl=203";
  text += or_unset(task.primaries == AVCOL_PRI_UNSPECIFIED, ":pin=bt2020");
  text += or_unset(task.colorspace == AVCOL_SPC_UNSPECIFIED, ":min=bt2020nc");
  text += or_unset(task.transfer == AVCOL_TRC_UNSPECIFIED, ":tin=bt709");
  text += or_unset(task.range == AVCOL_RANGE_UNSPECIFIED, ":rin=tv");
  text += ",format=gbrpf32le,zscale=p=bt709";
  if (task.tone_map) text += ",tonemap=mobius:param=0.7:peak=10:desat=0";
  return text + ",zscale=t=bt709:m=gbr:r=pc,format=gbrp";
}

void PictureFilter::open(const Task& task) {
  graph_.reset(non_null(avfilter_graph_alloc()));
  graph_->nb_threads = decoder_threads();
  const PictureFormat format{
      task.width,      task.height, task.format, time_base_, aspect_.num > 0 ? aspect_ : AVRational{1, 1},
      task.colorspace, task.range};
  connect_filters(*graph_, format, description(task), source_, sink_);
}

void PictureFilter::send(AVFrame& frame) {
  const Task task = task_of(frame);
  if (task != task_) {
    flush();
    if (task.any() && !try_open(task)) {
      send(frame);
      return;
    }
    task_ = task;
  }
  if (!graph_) {
    UniqueFrame passed = make_frame();
    av_frame_move_ref(passed.get(), &frame);
    hand_on(std::move(passed));
    return;
  }
  inside_.push_back({frame.best_effort_timestamp, frame_duration(frame)});
  // bwdif doubles what it is given; the times that count wait outside.
  frame.pts = static_cast<int64_t>(inside_.size());
  const int pushed = av_buffersrc_add_frame_flags(source_, &frame, AV_BUFFERSRC_FLAG_PUSH | AV_BUFFERSRC_FLAG_KEEP_REF);
  if (pushed < 0 && (task.tone_map || task.to_bt709)) {
    give_up_colors();
    send(frame);
    return;
  }
  av_check(pushed, "av_buffersrc_add_frame");
  av_frame_unref(&frame);
  take_results();
}

bool PictureFilter::try_open(const Task& task) {
  if (!task.tone_map && !task.to_bt709) {
    open(task);
    return true;
  }
  try {
    open(task);
    return true;
  } catch (const Error&) {
    give_up_colors();
    return false;
  }
}

// Tags that contradict each other, as of a matrix for RGB on YUV: zscale refuses them, and the colours stay.
void PictureFilter::give_up_colors() {
  colors_failed_ = true;
  graph_.reset();
  inside_.clear();
  task_ = {};
  notes_.push_back(name_ + ": its colours cannot be converted to BT.709, because its tags do not fit together");
}

void PictureFilter::take_results() {
  for (;;) {
    UniqueFrame out = make_frame();
    const int code = av_buffersink_get_frame(sink_, out.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    av_check(code, "av_buffersink_get_frame");
    if (inside_.empty()) return;
    out->best_effort_timestamp = inside_.front().stamp;
    set_frame_duration(*out, inside_.front().duration);
    inside_.pop_front();
    hand_on(std::move(out));
  }
}

void PictureFilter::hand_on(UniqueFrame frame) {
  if (own_colors_ && (is_hdr(*frame) || is_bt2020(*frame))) {
    UniqueFrame converted = own_.to_bt709(*frame);
    converted->best_effort_timestamp = frame->best_effort_timestamp;
    set_frame_duration(*converted, frame_duration(*frame));
    frame = std::move(converted);
  }
  ready_.push_back(std::move(frame));
}

void PictureFilter::flush() {
  if (!graph_) return;
  av_check(av_buffersrc_add_frame_flags(source_, nullptr, AV_BUFFERSRC_FLAG_PUSH), "av_buffersrc_add_frame");
  take_results();
  graph_.reset();
  inside_.clear();
  task_ = {};
}

void PictureFilter::drain() { flush(); }

bool PictureFilter::receive(AVFrame& frame) {
  if (ready_.empty()) return false;
  av_frame_unref(&frame);
  av_frame_move_ref(&frame, ready_.front().get());
  ready_.pop_front();
  return true;
}

}  // namespace animate::media
