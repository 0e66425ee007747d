#pragma once

#include <filesystem>

#include "media/av_ptr.h"

namespace animate::media {

// Packets of one stream in, raw pictures or sound out. Does not read files and does not convert pixels.
// Pictures are decoded by several of FFmpeg's own threads; the class itself is not thread-safe.
//
//   decoder.send(packet);  while (decoder.receive(frame) == Result::Frame) use(frame);
class PacketDecoder {
 public:
  enum class Result { Frame, NeedsPacket, End };

  // Throws Error(Input) when FFmpeg has no decoder for the stream.
  PacketDecoder(const AVStream& stream, const std::filesystem::path& path);

  // False when the packet is damaged; decoding goes on with the next one.
  bool send(const AVPacket& packet);
  // No more packets: the pictures still held back (B-frames, threads) come out of receive().
  void drain() { avcodec_send_packet(context_.get(), nullptr); }
  // Damaged pictures are counted in damaged() and skipped.
  Result receive(AVFrame& frame);
  int64_t damaged() const { return damaged_; }
  // After a seek.
  void flush() { avcodec_flush_buffers(context_.get()); }

  const AVCodecContext& context() const { return *context_; }

 private:
  UniqueCodec context_;
  int64_t damaged_ = 0;
};

}  // namespace animate::media
