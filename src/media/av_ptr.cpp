#include "media/av_ptr.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/log.h>
}

#include <algorithm>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>

#include "base/error.h"
#include "base/log.h"

namespace animate::media {
namespace {

void forward_log(void* context, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_INFO || log::level() > log::Level::Debug) return;
  // FFmpeg prints one line in several calls; the prefix flag carries over between them.
  thread_local int print_prefix = 1;
  std::array<char, 1024> line{};
  av_log_format_line2(context, level, format, arguments, line.data(), static_cast<int>(line.size()), &print_prefix);
  std::string_view text(line.data());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  if (!text.empty()) log::debug("ffmpeg: {}", text);
}

template <typename T>
std::span<const T> until(const T* list, T end) {
  if (list == nullptr) return {};
  size_t count = 0;
  while (list[count] != end) ++count;
  return {list, count};
}

#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
template <typename T>
std::span<const T> supported(const AVCodec& codec, AVCodecConfig what) {
  const void* list = nullptr;
  int count = 0;
  if (avcodec_get_supported_config(nullptr, &codec, what, 0, &list, &count) < 0 || list == nullptr) return {};
  return {static_cast<const T*>(list), static_cast<size_t>(count)};
}
#endif

}  // namespace

UniqueFrame make_picture(int width, int height, AVPixelFormat format) {
  UniqueFrame frame = make_frame();
  frame->width = width;
  frame->height = height;
  frame->format = format;
  if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc();
  return frame;
}

std::string av_text(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

int av_check(int code, const char* what) {
  if (code == AVERROR(ENOMEM)) throw std::bad_alloc();
  check(code >= 0, ErrorKind::Internal, "FFmpeg: {} failed ({}); please report this", what, av_text(code));
  return code;
}

void install_log_hook() {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_callback(forward_log);
    // SVT-AV1 writes to stderr by itself; this is how it is asked for errors only.
    setenv("SVT_LOG", "1", 0);
  });
}

std::string file_url(const std::filesystem::path& path) { return "file:" + path.string(); }

int64_t frame_duration(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return std::max<int64_t>(frame.duration, 0);
#else
  return std::max<int64_t>(frame.pkt_duration, 0);
#endif
}

void set_frame_duration(AVFrame& frame, int64_t duration) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  frame.duration = duration;
#else
  frame.pkt_duration = duration;
#endif
}

bool is_interlaced(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return frame.interlaced_frame != 0;
#endif
}

std::optional<std::array<int32_t, 9>> display_matrix(const AVStream& stream) {
  std::array<int32_t, 9> matrix{};
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
  const AVPacketSideData* side = av_packet_side_data_get(
      stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  if (side == nullptr || side->size < sizeof(matrix)) return std::nullopt;
  std::memcpy(matrix.data(), side->data, sizeof(matrix));
#else
  size_t size = 0;
  const uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  if (data == nullptr || size < sizeof(matrix)) return std::nullopt;
  std::memcpy(matrix.data(), data, sizeof(matrix));
#endif
  return matrix;
}

#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(61, 13, 100)
std::span<const AVPixelFormat> pixel_formats(const AVCodec& codec) {
  return supported<AVPixelFormat>(codec, AV_CODEC_CONFIG_PIX_FORMAT);
}
std::span<const AVSampleFormat> sample_formats(const AVCodec& codec) {
  return supported<AVSampleFormat>(codec, AV_CODEC_CONFIG_SAMPLE_FORMAT);
}
std::span<const int> sample_rates(const AVCodec& codec) { return supported<int>(codec, AV_CODEC_CONFIG_SAMPLE_RATE); }
#else
std::span<const AVPixelFormat> pixel_formats(const AVCodec& codec) { return until(codec.pix_fmts, AV_PIX_FMT_NONE); }
std::span<const AVSampleFormat> sample_formats(const AVCodec& codec) {
  return until(codec.sample_fmts, AV_SAMPLE_FMT_NONE);
}
std::span<const int> sample_rates(const AVCodec& codec) { return until(codec.supported_samplerates, 0); }
#endif

}  // namespace animate::media
