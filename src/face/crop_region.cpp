#include "face/crop_region.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace animate::face {
namespace {

// The head around a cascade's face box, in units of the box's sides. On the portraits looked at, hair reaches up to
// 0.4 above the box and a chin 0.1 below; the rest is neck, as in the films the networks learned from.
constexpr double kHeadWidth = 1.35;
constexpr double kHeadAbove = 0.40;
constexpr double kHeadBelow = 0.25;

double fit(double start, double length, int limit) { return std::clamp(std::floor(start), 0.0, limit - length); }

}  // namespace

pictures::Box face_crop_region(const pictures::Box& face, int image_width, int image_height, double increase) {
  const double head_width = face.width * kHeadWidth;
  const double head_height = face.height * (1 + kHeadAbove + kHeadBelow);
  const double centre_x = face.x + face.width / 2;
  const double centre_y = face.y + face.height * (1 + kHeadBelow - kHeadAbove) / 2;
  const double wanted = std::floor((1 + 2 * increase) * std::max(head_width, head_height));
  const double side = std::clamp(wanted, 1.0, static_cast<double>(std::min(image_width, image_height)));
  return {fit(centre_x - side / 2, side, image_width), fit(centre_y - side / 2, side, image_height), side, side};
}

pictures::Box centre_square(int image_width, int image_height) {
  const int side = std::min(image_width, image_height);
  const int x = (image_width - side) / 2;
  const int y = (image_height - side) / 2;
  return {static_cast<double>(x), static_cast<double>(y), static_cast<double>(side), static_cast<double>(side)};
}

pictures::Box box_in_picture(const CropChoice& crop, int image_width, int image_height) {
  check(crop.x >= 0 && crop.y >= 0 && crop.x <= image_width - crop.width && crop.y <= image_height - crop.height,
        ErrorKind::Usage,
        "--crop {}: is not inside the picture of {}x{} pixels; give x,y,w,h with x+w up to {} and y+h up to {}",
        crop.text(), image_width, image_height, image_width, image_height);
  return {static_cast<double>(crop.x), static_cast<double>(crop.y), static_cast<double>(crop.width),
          static_cast<double>(crop.height)};
}

}  // namespace animate::face
