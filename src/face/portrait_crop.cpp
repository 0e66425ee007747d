#include "face/portrait_crop.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace animate::face {

pictures::CropTransform crop_transform(const FaceRectangle& rectangle, int size, bool rotate) {
  check(rectangle.size > 0 && std::isfinite(rectangle.size), ErrorKind::Input,
        "the face has no size ({} pixels); give a larger box or other points", rectangle.size);
  const double scale = size / static_cast<double>(rectangle.size);
  const double cosine = rotate ? std::cos(rectangle.angle) : 1;
  const double sine = rotate ? std::sin(rectangle.angle) : 0;
  const double x = rectangle.centre[0];
  const double y = rectangle.centre[1];
  const double middle = size / 2.0;
  const std::array<double, 9> exact{
      scale * cosine,
      scale * sine,
      middle - scale * (cosine * x + sine * y),
      -scale * sine,
      scale * cosine,
      middle - scale * (-sine * x + cosine * y),
      0,
      0,
      1,
  };
  pictures::CropTransform transform;
  std::transform(exact.begin(), exact.end(), transform.crop_from_image.begin(),
                 [](double value) { return static_cast<float>(value); });
  transform.image_from_crop = pictures::inverse(transform.crop_from_image);
  transform.size = size;
  return transform;
}

pictures::CropTransform crop_transform(const Points2& landmarks, const PortraitCropOptions& options) {
  const RectangleOptions rectangle{options.scale, options.vx_ratio, options.vy_ratio, true};
  return crop_transform(face_rectangle(landmarks, rectangle), options.size, options.rotate);
}

}  // namespace animate::face
