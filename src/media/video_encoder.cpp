#include "media/video_encoder.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "media/codec_threads.h"

namespace animate::media {
namespace {

// Sizes of which every encoder takes one: what fails at all of them does not fail because of its size. The last two are
// for codecs that know a few only (H.263, DV).
constexpr std::array<std::array<int, 2>, 3> kCommonSizes{{{640, 360}, {352, 288}, {720, 576}}};

int round_up(int size, int log2_step) {
  const int step = 1 << log2_step;
  return (size + step - 1) / step * step;
}

}  // namespace

VideoEncoder::VideoEncoder(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
                           const VideoWriterOptions& options, bool global_header) {
  const bool gif = plan.encoder->id == AV_CODEC_ID_GIF;
  const int opened = open(target, width, height, plan, options, global_header);
  if (opened < 0) fail_start(target, width, height, plan, options, opened);
  packer_.emplace(context_->width, context_->height, plan.pixel_format, context_->colorspace, context_->color_range);
  if (gif) palette_.emplace(context_->width, context_->height, context_->time_base);
  nominal_duration_ = std::max<int64_t>(1, av_rescale_q(1, av_inv_q(context_->framerate), context_->time_base));
}

int VideoEncoder::open(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
                       const VideoWriterOptions& options, bool global_header) {
  const AVCodec& codec = *plan.encoder;
  const AVPixFmtDescriptor& format = *non_null(av_pix_fmt_desc_get(plan.pixel_format));
  const bool rgb = (format.flags & AV_PIX_FMT_FLAG_RGB) != 0;
  context_.reset(non_null(avcodec_alloc_context3(&codec)));
  context_->width = round_up(width, format.log2_chroma_w);
  context_->height = round_up(height, format.log2_chroma_h);
  context_->pix_fmt = codec.id == AV_CODEC_ID_GIF ? AV_PIX_FMT_PAL8 : plan.pixel_format;
  context_->time_base = to_av(options.time_base);
  context_->framerate = to_av(options.frame_rate);
  context_->sample_aspect_ratio = {1, 1};
  context_->colorspace = rgb ? AVCOL_SPC_RGB : AVCOL_SPC_BT709;
  context_->color_primaries = AVCOL_PRI_BT709;
  context_->color_trc = AVCOL_TRC_BT709;
  context_->color_range = rgb ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  context_->chroma_sample_location = AVCHROMA_LOC_LEFT;
  context_->thread_count = encoder_threads();
  if (global_header) context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  // QuickTime plays H.265 only under this tag.
  if (codec.id == AV_CODEC_ID_HEVC) context_->codec_tag = MKTAG('h', 'v', 'c', '1');

  Dictionary dictionary;
  set_quality(target, options, dictionary);
  return avcodec_open2(context_.get(), &codec, dictionary.get());
}

// The codec's error does not say what it dislikes, so it is tried again with one thing changed at a time: what makes it
// start was the reason.
void VideoEncoder::fail_start(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
                              const VideoWriterOptions& options, int code) {
  const char* name = plan.encoder->name;
  const auto starts = [&](int other_width, int other_height, const VideoWriterOptions& other) {
    return open(target, other_width, other_height, plan, other, false) >= 0;
  };
  if (std::any_of(kCommonSizes.begin(), kCommonSizes.end(),
                  [&](const auto& size) { return starts(size[0], size[1], options); })) {
    fail(ErrorKind::Usage, "{}: {} does not start at {}x{} pixels ({}); choose another codec or size", show(target),
         name, width, height, av_text(code));
  }
  VideoWriterOptions plain = options;
  plain.preset.clear();
  if (!options.preset.empty() && starts(width, height, plain)) {
    fail(ErrorKind::Usage, "{}: {} does not start with the preset {} ({}); try another preset", show(target), name,
         options.preset, av_text(code));
  }
  fail(ErrorKind::Usage, "{}: {} does not start ({}); choose another codec, with --codec", show(target), name,
       av_text(code));
}

void VideoEncoder::set_quality(const std::filesystem::path& target, const VideoWriterOptions& options,
                               Dictionary& dictionary) {
  const std::string_view name = context_->codec->name;
  const auto has = [&](const char* option) {
    return context_->priv_data != nullptr && av_opt_find(context_->priv_data, option, nullptr, 0, 0) != nullptr;
  };
  if (has("crf")) {
    dictionary.set("crf", std::to_string(options.crf));
    context_->bit_rate = 0;
  } else {
    context_->flags |= AV_CODEC_FLAG_QSCALE;
    context_->global_quality = FF_QP2LAMBDA * std::clamp(options.crf / 6, 1, 31);
  }
  if (!options.preset.empty()) {
    check(has("preset"), ErrorKind::Usage, "{}: {} has no presets; leave the preset out", show(target), name);
    dictionary.set("preset", options.preset);
  }
  // x265 writes to stderr by itself, which the log hook never sees.
  if (name == "libx265") dictionary.set("x265-params", "log-level=error");
  if (name == "libvpx-vp9") {
    // Without these two libvpx uses one core and takes minutes for a clip of seconds.
    dictionary.set("row-mt", "1");
    dictionary.set("cpu-used", "3");
  }
}

void VideoEncoder::send(const Frame& frame) {
  const UniqueFrame packed = packer_->pack(frame.image);
  packed->pts = frame.pts;
  durations_[frame.pts] = frame.duration > 0 ? frame.duration : nominal_duration_;
  set_frame_duration(*packed, durations_[frame.pts]);
  if (!palette_) {
    send_to_codec(packed.get());
    return;
  }
  const UniqueFrame reduced = palette_->apply(*packed);
  reduced->pts = frame.pts;
  send_to_codec(reduced.get());
}

void VideoEncoder::drain() { send_to_codec(nullptr); }

void VideoEncoder::send_to_codec(AVFrame* frame) {
  if (frame != nullptr) frame->pict_type = AV_PICTURE_TYPE_NONE;
  av_check(avcodec_send_frame(context_.get(), frame), "avcodec_send_frame");
}

bool VideoEncoder::receive(AVPacket& packet) {
  const int code = avcodec_receive_packet(context_.get(), &packet);
  if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return false;
  av_check(code, "avcodec_receive_packet");
  if (const auto found = durations_.find(packet.pts); found != durations_.end()) {
    packet.duration = found->second;
    durations_.erase(found);
  }
  return true;
}

}  // namespace animate::media
