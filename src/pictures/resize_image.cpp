#include "pictures/resize_image.h"

#include <opencv2/imgproc.hpp>

#include "pictures/opencv.h"

namespace animate::pictures {

Image resize_image(const Image& image, int width, int height) {
  check(!image.empty(), ErrorKind::Internal, "an empty picture cannot be resized");
  if (image.width() == width && image.height() == height) return image;
  Image resized(width, height);
  guard_opencv("resizing a picture", [&] {
    const bool shrinks = width <= image.width() && height <= image.height();
    cv::Mat target = view(resized);
    cv::resize(view(image), target, target.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
  });
  return resized;
}

}  // namespace animate::pictures
