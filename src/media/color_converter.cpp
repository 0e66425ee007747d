#include "media/color_converter.h"

#include <cstring>

#include "base/error.h"
#include "media/swscale.h"

namespace animate::media {

Image ColorConverter::to_image(const AVFrame& frame, int width, int height) {
  const auto stored = static_cast<AVPixelFormat>(frame.format);
  const AVPixFmtDescriptor* descriptor = av_pix_fmt_desc_get(stored);
  check(descriptor != nullptr, ErrorKind::Internal, "a decoder gave the unknown pixel format {}", frame.format);
  const AVPixelFormat from = without_j(stored);
  const bool alpha = (descriptor->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
  const AVPixelFormat to = alpha ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24;
  const bool standard_definition = source_ == Source::Still || frame.height <= 576;
  const int matrix = swscale_matrix(frame.colorspace, standard_definition ? SWS_CS_ITU601 : SWS_CS_ITU709);
  const bool full = is_full_range(frame, *descriptor);

  const std::array<int, 8> key = {frame.width, frame.height, from, matrix, full ? 1 : 0, width, height, to};
  if (!sws_ || key != key_) {
    sws_ = make_sws(frame.width, frame.height, from, width, height, to);
    // The same matrix on both sides: swscale takes some RGB formats through YUV and back.
    set_colors(sws_.get(), matrix, full, matrix, true);
    scratch_ = make_picture(width, height, to);
    key_ = key;
  }
  av_check(sws_scale(sws_.get(), frame.data, frame.linesize, 0, frame.height, scratch_->data, scratch_->linesize),
           "sws_scale");

  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    const uint8_t* in = scratch_->data[0] + static_cast<ptrdiff_t>(y) * scratch_->linesize[0];
    uint8_t* out = image.row(y);
    if (!alpha) {
      std::memcpy(out, in, image.stride());
      continue;
    }
    for (int x = 0; x < width; ++x, in += 4, out += 3) {
      const int opacity = background_ ? in[3] : 255;
      for (int c = 0; c < 3; ++c) {
        const int background = background_ ? (*background_)[static_cast<size_t>(c)] : 0;
        out[c] = static_cast<uint8_t>((in[c] * opacity + background * (255 - opacity) + 127) / 255);
      }
    }
  }
  return image;
}

PixelPacker::PixelPacker(int width, int height, AVPixelFormat format, AVColorSpace matrix, AVColorRange range)
    : sws_(make_sws(width, height, AV_PIX_FMT_RGB24, width, height, without_j(format))),
      rgb_(make_picture(width, height, AV_PIX_FMT_RGB24)),
      format_(format),
      matrix_(matrix),
      range_(range) {
  const int coefficients = swscale_matrix(matrix, SWS_CS_ITU709);
  set_colors(sws_.get(), coefficients, true, coefficients, range == AVCOL_RANGE_JPEG);
}

UniqueFrame PixelPacker::pack(const Image& image) {
  for (int y = 0; y < rgb_->height; ++y) {
    uint8_t* out = rgb_->data[0] + static_cast<ptrdiff_t>(y) * rgb_->linesize[0];
    const uint8_t* in = image.row(std::min(y, image.height() - 1));
    std::memcpy(out, in, image.stride());
    for (int x = image.width(); x < rgb_->width; ++x) std::memcpy(out + x * 3, in + (image.width() - 1) * 3, 3);
  }
  UniqueFrame packed = make_picture(rgb_->width, rgb_->height, format_);
  av_check(sws_scale(sws_.get(), rgb_->data, rgb_->linesize, 0, rgb_->height, packed->data, packed->linesize),
           "sws_scale");
  packed->colorspace = matrix_;
  packed->color_range = range_;
  return packed;
}

}  // namespace animate::media
