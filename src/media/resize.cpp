#include "media/resize.h"

#include "media/color_converter.h"

namespace animate::media {

Image resize(const Image& image, int width, int height) {
  if (image.width() == width && image.height() == height) return image;
  PixelPacker packer(image.width(), image.height(), AV_PIX_FMT_RGB24, AVCOL_SPC_RGB, AVCOL_RANGE_JPEG);
  const UniqueFrame frame = packer.pack(image);
  ColorConverter converter(ColorConverter::Source::Still);
  return converter.to_image(*frame, width, height);
}

}  // namespace animate::media
