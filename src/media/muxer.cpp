#include "media/muxer.h"

#include <string_view>
#include <utility>

#include "media/picture_encoder.h"

namespace animate {

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
  if (open_ && std::string_view(context_->oformat->name) == "gif") av_write_trailer(context_.get());
}

AVStream& Muxer::add_stream() { return *non_null(avformat_new_stream(context_.get(), nullptr)); }

void Muxer::begin() {
  Dictionary options;
  const std::string_view name = context_->oformat->name;
  if (name == "mp4" || name == "mov") options.set("movflags", "+faststart");
  require(avformat_write_header(context_.get(), options.get()));
  open_ = true;
}

void Muxer::write(AVPacket& packet, const AVStream& stream, AVRational time_base) {
  packet.stream_index = stream.index;
  av_packet_rescale_ts(&packet, time_base, stream.time_base);
  require(av_interleaved_write_frame(context_.get(), &packet));
}

void Muxer::end() {
  open_ = false;
  require(av_write_trailer(context_.get()));
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

}  // namespace animate
