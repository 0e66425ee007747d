#include "media/packet_decoder.h"

#include <cstring>

#include "base/error.h"
#include "media/codec_threads.h"
#include "media/gif_packet.h"

namespace animate::media {
namespace {

const AVCodec* find_decoder(const AVStream& stream) {
  const AVCodecID id = stream.codecpar->codec_id;
  // FFmpeg's own VP8 and VP9 decoders drop the transparency plane of WebM; libvpx keeps it.
  const AVDictionaryEntry* alpha = av_dict_get(stream.metadata, "alpha_mode", nullptr, 0);
  if (alpha != nullptr && std::strcmp(alpha->value, "1") == 0) {
    const char* name = id == AV_CODEC_ID_VP9 ? "libvpx-vp9" : id == AV_CODEC_ID_VP8 ? "libvpx" : nullptr;
    const AVCodec* codec = name == nullptr ? nullptr : avcodec_find_decoder_by_name(name);
    if (codec != nullptr) return codec;
  }
  return avcodec_find_decoder(id);
}

}  // namespace

PacketDecoder::PacketDecoder(const AVStream& stream, const std::filesystem::path& path) {
  const AVCodec* codec = find_decoder(stream);
  check(codec != nullptr, ErrorKind::Input,
        "{}: uses the codec {}, which this FFmpeg cannot decode; convert it to H.264", show(path),
        avcodec_get_name(stream.codecpar->codec_id));
  context_.reset(non_null(avcodec_alloc_context3(codec)));
  av_check(avcodec_parameters_to_context(context_.get(), stream.codecpar), "avcodec_parameters_to_context");
  context_->pkt_timebase = stream.time_base;
  // Sound is decoded faster than it is handed over, and with several threads some decoders keep errors to themselves.
  context_->thread_count = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO ? 1 : decoder_threads();
  const int opened = avcodec_open2(context_.get(), codec, nullptr);
  check(opened >= 0, ErrorKind::Input, "{}: its {} stream cannot be decoded ({}); convert it to H.264", show(path),
        codec->name, av_text(opened));
}

bool PacketDecoder::send(const AVPacket& packet) {
  if (context_->codec_id == AV_CODEC_ID_GIF && packet.size > 0 &&
      !gif_packet_is_whole({packet.data, static_cast<size_t>(packet.size)})) {
    return false;
  }
  return avcodec_send_packet(context_.get(), &packet) >= 0;
}

PacketDecoder::Result PacketDecoder::receive(AVFrame& frame) {
  for (;;) {
    const int code = avcodec_receive_frame(context_.get(), &frame);
    if (code >= 0) return Result::Frame;
    if (code == AVERROR(EAGAIN)) return Result::NeedsPacket;
    if (code == AVERROR_EOF) return Result::End;
    if (code == AVERROR(ENOMEM)) throw std::bad_alloc();
    ++damaged_;
  }
}

}  // namespace animate::media
