#include "face/resize_image.h"

#include <opencv2/imgproc.hpp>

#include "face/cv_image.h"

namespace animate {

Image resize_image(const Image& image, int width, int height) {
  if (image.width() == width && image.height() == height) return image;
  return translate_cv([&] {
    Image resized(width, height);
    cv::Mat target = view(resized);
    const bool shrinks = width < image.width() || height < image.height();
    cv::resize(view(image), target, target.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
    return resized;
  });
}

}  // namespace animate
