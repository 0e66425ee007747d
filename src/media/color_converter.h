#pragma once

#include <array>
#include <optional>

#include "animate/image.h"
#include "media/av_ptr.h"

namespace animate::media {

// Decoded pictures of any pixel format, range and matrix -> RGB8. Not thread-safe (it keeps swscale's state).
// Tags are honoured; where a video says nothing, heights up to 576 count as BT.601 and taller ones as BT.709,
// limited range; still pictures are BT.601. Transparency is laid over the background colour.
class ColorConverter {
 public:
  enum class Source { Video, Still };

  // Without a background the stored colours are taken as they are.
  explicit ColorConverter(Source source, std::optional<std::array<uint8_t, 3>> background = {{255, 255, 255}})
      : source_(source), background_(background) {}

  // `width` x `height` pixels, scaled when the frame has another size. Throws Error(Internal) on a format that
  // swscale does not know.
  Image to_image(const AVFrame& frame, int width, int height);

 private:
  UniqueSws sws_;
  std::array<int, 8> key_{};  // what sws_ was made for
  UniqueFrame scratch_;
  Source source_;
  std::optional<std::array<uint8_t, 3>> background_;
};

// RGB8 -> the pixel format of an encoder, with the matrix and range that are written into the file's tags:
// BT.709 limited for video, BT.601 full for JPEG. Sizes may exceed the image by the padding that chroma
// subsampling needs; the edge is repeated there. Not thread-safe.
class PixelPacker {
 public:
  PixelPacker(int width, int height, AVPixelFormat format, AVColorSpace matrix, AVColorRange range);

  // A picture that the caller may hand on; its buffers are its own.
  UniqueFrame pack(const Image& image);

 private:
  UniqueSws sws_;
  UniqueFrame rgb_;  // width x height
  AVPixelFormat format_;
  AVColorSpace matrix_;
  AVColorRange range_;
};

}  // namespace animate::media
