#include "pictures/aligned_picture.h"

#include <opencv2/imgproc.hpp>

#include "pictures/opencv.h"

namespace animate::pictures {

CropTransform between(const CropTransform& from, const CropTransform& to, double weight) {
  if (weight <= 0) return from;
  if (weight >= 1) return to;
  CropTransform result;
  result.size = from.size;
  // A sum of similarities is one, as these are matrices [a -b x; b a y].
  for (size_t i = 0; i < result.image_from_crop.size(); ++i) {
    const double a = from.image_from_crop[i];
    const double b = to.image_from_crop[i];
    result.image_from_crop[i] = static_cast<float>(a + (b - a) * weight);
  }
  result.crop_from_image = inverse(result.image_from_crop);
  return result;
}

Image aligned(const Image& picture, const CropTransform& from, const CropTransform& to) {
  if (from.image_from_crop == to.image_from_crop) return picture;
  Image result(picture.width(), picture.height());
  guard_opencv("aligning two pictures", [&] {
    const auto& a = to.image_from_crop;
    const auto& b = from.crop_from_image;
    const cv::Matx33d there(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
    const cv::Matx33d back(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8]);
    const cv::Matx33d move = there * back;
    cv::Mat target = view(result);
    cv::warpAffine(view(picture), target, move.get_minor<2, 3>(0, 0), target.size(), cv::INTER_LINEAR,
                   cv::BORDER_REPLICATE);
  });
  return result;
}

Image blended(const Image& from, const Image& to, double weight) {
  check(from.width() == to.width() && from.height() == to.height(), ErrorKind::Internal,
        "pictures of {}x{} and {}x{} laid over each other", from.width(), from.height(), to.width(), to.height());
  if (weight <= 0) return from;
  if (weight >= 1) return to;
  Image result(from.width(), from.height());
  guard_opencv("laying one picture over another", [&] {
    cv::Mat target = view(result);
    cv::addWeighted(view(from), 1 - weight, view(to), weight, 0, target);
  });
  return result;
}

}  // namespace animate::pictures
