#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <array>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>

#include "animate/rational.h"

// The only header of this room that shows FFmpeg: owners for its C structs, its error codes as text, and one
// helper for everything that differs between FFmpeg 5.1 and 7, so that no call site needs #if.

namespace animate::media {

// ---------------------------------------------------------------------------------------------- owners

template <auto Free>
struct AvFree {  // for free functions that take T** and null the pointer
  template <typename T>
  void operator()(T* pointer) const {
    Free(&pointer);
  }
};

template <auto Free>
struct AvFreeValue {  // for free functions that take T*
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};

// Input and output contexts are freed differently and are therefore two types.
using UniqueInput = std::unique_ptr<AVFormatContext, AvFree<avformat_close_input>>;
using UniqueOutput = std::unique_ptr<AVFormatContext, AvFreeValue<avformat_free_context>>;
using UniqueIo = std::unique_ptr<AVIOContext, AvFree<avio_closep>>;
using UniqueCodec = std::unique_ptr<AVCodecContext, AvFree<avcodec_free_context>>;
using UniqueFrame = std::unique_ptr<AVFrame, AvFree<av_frame_free>>;
using UniquePacket = std::unique_ptr<AVPacket, AvFree<av_packet_free>>;
using UniqueSws = std::unique_ptr<SwsContext, AvFreeValue<sws_freeContext>>;
using UniqueSwr = std::unique_ptr<SwrContext, AvFree<swr_free>>;
using UniqueGraph = std::unique_ptr<AVFilterGraph, AvFree<avfilter_graph_free>>;
using UniqueFifo = std::unique_ptr<AVAudioFifo, AvFreeValue<av_audio_fifo_free>>;

// Turns the null of a failed allocation into std::bad_alloc.
template <typename T>
T* non_null(T* pointer) {
  if (pointer == nullptr) throw std::bad_alloc();
  return pointer;
}

inline UniqueFrame make_frame() { return UniqueFrame(non_null(av_frame_alloc())); }
inline UniquePacket make_packet() { return UniquePacket(non_null(av_packet_alloc())); }

// A picture buffer with padded rows: swscale may write past the end of a packed row.
UniqueFrame make_picture(int width, int height, AVPixelFormat format);

// A key-value list handed to an FFmpeg function. Not thread-safe.
class Dictionary {
 public:
  Dictionary() = default;
  ~Dictionary() { av_dict_free(&entries_); }
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;
  void set(const std::string& key, const std::string& value) { av_dict_set(&entries_, key.c_str(), value.c_str(), 0); }
  AVDictionary** get() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

// ---------------------------------------------------------------------------------------------- errors and log

// FFmpeg's text for a negative return code.
std::string av_text(int code);

// Throws Error(Internal) when a call fails that can fail only through a bug of ours; `what` names the call.
int av_check(int code, const char* what);

// Sends FFmpeg's own messages to log::debug instead of the terminal. Every opener calls it; the first call counts.
void install_log_hook();

// "file:" + path: no other prefix, dash or colon in a name is then taken for a protocol or an option.
std::string file_url(const std::filesystem::path& path);

// ---------------------------------------------------------------------------------------------- conversions

inline AVRational to_av(Rational value) {
  AVRational reduced{};
  av_reduce(&reduced.num, &reduced.den, value.num, value.den, INT32_MAX);
  return reduced;
}
inline Rational from_av(AVRational value) { return {value.num, value.den}; }

// ---------------------------------------------------------------------------------------------- version helpers

int64_t frame_duration(const AVFrame& frame);  // in the stream's time base, 0 when unknown
void set_frame_duration(AVFrame& frame, int64_t duration);
bool is_interlaced(const AVFrame& frame);
std::optional<std::array<int32_t, 9>> display_matrix(const AVStream& stream);

// What an encoder accepts; an empty span means "anything".
std::span<const AVPixelFormat> pixel_formats(const AVCodec& codec);
std::span<const AVSampleFormat> sample_formats(const AVCodec& codec);
std::span<const int> sample_rates(const AVCodec& codec);

}  // namespace animate::media
