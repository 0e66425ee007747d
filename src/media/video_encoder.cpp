#include "media/video_encoder.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "media/codec_threads.h"

namespace animate::media {
namespace {

// Presets are checked only by avcodec_open2, whose error does not say which option it dislikes.
[[noreturn]] void fail_options(const std::filesystem::path& target, const AVCodec& codec, int width, int height,
                               const VideoWriterOptions& options, int code) {
  if (!options.preset.empty()) {
    fail(ErrorKind::Usage, "{}: {} does not start at {}x{} pixels with the preset {} ({}); try another preset",
         show(target), codec.name, width, height, options.preset, av_text(code));
  }
  fail(ErrorKind::Usage, "{}: {} does not start at {}x{} pixels ({}); choose another codec or size", show(target),
       codec.name, width, height, av_text(code));
}

int round_up(int size, int log2_step) {
  const int step = 1 << log2_step;
  return (size + step - 1) / step * step;
}

}  // namespace

VideoEncoder::VideoEncoder(const std::filesystem::path& target, int width, int height, const OutputPlan& plan,
                           const VideoWriterOptions& options, bool global_header) {
  const AVCodec& codec = *plan.encoder;
  const bool gif = codec.id == AV_CODEC_ID_GIF;
  const AVPixFmtDescriptor& format = *non_null(av_pix_fmt_desc_get(plan.pixel_format));
  const bool rgb = (format.flags & AV_PIX_FMT_FLAG_RGB) != 0;
  context_.reset(non_null(avcodec_alloc_context3(&codec)));
  context_->width = round_up(width, format.log2_chroma_w);
  context_->height = round_up(height, format.log2_chroma_h);
  context_->pix_fmt = gif ? AV_PIX_FMT_PAL8 : plan.pixel_format;
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
  const int opened = avcodec_open2(context_.get(), &codec, dictionary.get());
  if (opened < 0) fail_options(target, codec, width, height, options, opened);
  packer_.emplace(context_->width, context_->height, plan.pixel_format, context_->colorspace, context_->color_range);
  if (gif) palette_.emplace(context_->width, context_->height, context_->time_base);
  nominal_duration_ = std::max<int64_t>(1, av_rescale_q(1, av_inv_q(context_->framerate), context_->time_base));
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
