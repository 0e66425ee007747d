#include "media/swscale.h"

#include "base/error.h"

namespace animate::media {
namespace {

constexpr int kFlags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;

}  // namespace

AVPixelFormat without_j(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P: return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P: return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P: return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P: return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P: return AV_PIX_FMT_YUV411P;
    default: return format;
  }
}

int swscale_matrix(AVColorSpace matrix, int fallback) {
  switch (matrix) {
    case AVCOL_SPC_BT709: return SWS_CS_ITU709;
    case AVCOL_SPC_FCC: return SWS_CS_FCC;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M: return SWS_CS_ITU601;
    case AVCOL_SPC_SMPTE240M: return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return SWS_CS_BT2020;
    default: return fallback;
  }
}

UniqueSws make_sws(int width, int height, AVPixelFormat from, int out_width, int out_height, AVPixelFormat to) {
  UniqueSws sws(sws_getContext(width, height, from, out_width, out_height, to, kFlags, nullptr, nullptr, nullptr));
  check(sws != nullptr, ErrorKind::Internal, "swscale cannot convert {} at {}x{} to {} at {}x{}",
        av_get_pix_fmt_name(from), width, height, av_get_pix_fmt_name(to), out_width, out_height);
  return sws;
}

void set_colors(SwsContext* sws, int from_matrix, bool from_full, int to_matrix, bool to_full) {
  constexpr int one = 1 << 16;
  sws_setColorspaceDetails(sws, sws_getCoefficients(from_matrix), from_full ? 1 : 0, sws_getCoefficients(to_matrix),
                           to_full ? 1 : 0, 0, one, one);
}

bool is_full_range(const AVFrame& frame, const AVPixFmtDescriptor& descriptor) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  if (frame.color_range == AVCOL_RANGE_JPEG || without_j(format) != format) return true;
  const bool gray =
      descriptor.nb_components <= 2 && (descriptor.flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) == 0;
  return gray && frame.color_range == AVCOL_RANGE_UNSPECIFIED;
}

}  // namespace animate::media
