#include "media/muxer.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <algorithm>
#include <string_view>
#include <utility>

#include "media/picture_encoder.h"
#include "media/picture_text.h"

namespace animate::media {

Muxer::Muxer(const AVOutputFormat& container, const std::filesystem::path& file, std::filesystem::path target)
    : target_(std::move(target)) {
  // The URL is needed a second time: "faststart" reads the file again to move its index to the front.
  const std::string url = file_url(file);
  AVFormatContext* context = nullptr;
  av_check(avformat_alloc_output_context2(&context, &container, nullptr, url.c_str()),
           "avformat_alloc_output_context2");
  context_.reset(context);
  AVIOContext* io = nullptr;
  require(avio_open2(&io, url.c_str(), AVIO_FLAG_WRITE, nullptr, nullptr));
  io_.reset(io);
  context_->pb = io;
  // Sound that starts a little before 0 must not move the pictures.
  context_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
}

Muxer::~Muxer() {
  // FFmpeg 5's GIF writer frees its last packet only in the trailer. Others need none, and MP4's would be slow.
  if (open_ && is("gif")) av_write_trailer(context_.get());
}

AVStream& Muxer::add_stream() { return *non_null(avformat_new_stream(context_.get(), nullptr)); }

void Muxer::describe(const Metadata& metadata, bool bit_exact) {
  if (bit_exact) context_->flags |= AVFMT_FLAG_BITEXACT;
  const auto set = [this](const char* key, const std::string& value) {
    av_dict_set(&context_->metadata, key, value.c_str(), 0);
  };
  for (const auto& [key, value] : metadata) {
    if (is("gif")) {
      if (key == "comment") comment_ = value;
    } else if (key == "software" && is("mp4")) {
      set("encoding_tool", value);  // the name of what ffprobe shows as the encoder
    } else if (key == "digital_source_type" && (is("mp4") || is("mov"))) {
      set("description", "DigitalSourceType: " + value);  // these take known keys only
    } else {
      set(key.c_str(), value);
    }
  }
}

void Muxer::begin() {
  Dictionary options;
  if (is("mp4") || is("mov")) options.set("movflags", "+faststart");
  require(avformat_write_header(context_.get(), options.get()));
  open_ = true;
}

void Muxer::write(AVPacket& packet, const AVStream& stream, AVRational time_base) {
  packet.stream_index = stream.index;
  av_packet_rescale_ts(&packet, time_base, stream.time_base);
  require(av_interleaved_write_frame(context_.get(), &packet));
}

bool Muxer::write_optional(AVPacket& packet, const AVStream& stream, AVRational time_base) {
  packet.stream_index = stream.index;
  av_packet_rescale_ts(&packet, time_base, stream.time_base);
  const int code = av_interleaved_write_frame(context_.get(), &packet);
  if (code == AVERROR(EINVAL) || code == AVERROR_INVALIDDATA || code == AVERROR_PATCHWELCOME) return false;
  require(code);
  return true;
}

void Muxer::set_final_delay(int64_t delay) {
  av_check(av_opt_set_int(context_->priv_data, "final_delay", std::clamp<int64_t>(delay, 0, 65535), 0),
           "av_opt_set_int");
}

void Muxer::end() {
  open_ = false;
  require(av_write_trailer(context_.get()));
  if (!comment_.empty()) {
    // In front of the trailer, the file's last byte.
    constexpr uint8_t trailer = 0x3b;
    const auto block = gif_comment(comment_);
    avio_seek(io_.get(), -1, SEEK_CUR);
    avio_write(io_.get(), block.data(), static_cast<int>(block.size()));
    avio_w8(io_.get(), trailer);
  }
  avio_flush(io_.get());
  const int error = io_->error;
  context_->pb = nullptr;
  const int closed = avio_close(io_.release());
  require(error);
  require(closed);
}

void Muxer::require(int code) const {
  if (code == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (code < 0) fail_writing(target_, code);
}

}  // namespace animate::media
