#include "pictures/portrait_paste_back.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/warp_steps.h"
#include "pictures/exact_resize.h"
#include "pictures/opencv.h"

namespace animate::pictures {
namespace {

cv::Mat remap(const cv::Mat& crop, const PixelBox& region, const std::vector<int16_t>& places,
              const std::vector<uint16_t>& between) {
  cv::Mat warped;
  // OpenCV has no Mat of const numbers; remap only reads its maps.
  const cv::Mat whole(region.height, region.width, CV_16SC2, const_cast<int16_t*>(places.data()));
  const cv::Mat part(region.height, region.width, CV_16UC1, const_cast<uint16_t*>(between.data()));
  cv::remap(crop, warped, whole, part, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  return warped;
}

}  // namespace

std::vector<uint8_t> paste_mask(int size, double feather) {
  std::vector<uint8_t> mask;
  mask.reserve(static_cast<size_t>(size) * static_cast<size_t>(size));
  const auto depth = [&](int at) { return std::max(feather - std::min(at, size - at), 0.0); };
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const double distance = std::hypot(depth(x), depth(y));
      const double level = feather > 0 ? 255 * (feather - distance) / feather : 255;
      mask.push_back(static_cast<uint8_t>(std::clamp(level, 0.0, 255.0)));
    }
  }
  return mask;
}

PortraitPasteBack::PortraitPasteBack(int width, int height, const CropTransform& transform,
                                     const PortraitPasteOptions& options)
    : width_(width), height_(height), size_(transform.size), region_(paste_region(transform, width, height)) {
  check(width > 0 && height > 0 && size_ > 0, ErrorKind::Internal, "no picture to paste a face into");
  if (region_.empty()) return;
  const auto count = static_cast<size_t>(region_.width) * static_cast<size_t>(region_.height);
  places_.reserve(count * 2);
  between_.reserve(count);
  // Made for a part of the picture only, so that remap gives the pixels that a warp of the whole picture would give.
  const WarpSteps steps = warp_steps(inverse_for_warp(transform.image_from_crop), region_);
  constexpr int table_mask = (1 << kWarpPlaceBits) - 1;
  constexpr int shift = kWarpFractionBits - kWarpPlaceBits;
  for (size_t y = 0; y < steps.rows_x.size(); ++y) {
    for (size_t x = 0; x < steps.columns_x.size(); ++x) {
      const int at_x = (steps.rows_x[y] + steps.columns_x[x]) >> shift;
      const int at_y = (steps.rows_y[y] + steps.columns_y[x]) >> shift;
      places_.push_back(cv::saturate_cast<int16_t>(at_x >> kWarpPlaceBits));
      places_.push_back(cv::saturate_cast<int16_t>(at_y >> kWarpPlaceBits));
      between_.push_back(static_cast<uint16_t>((at_y & table_mask) * (1 << kWarpPlaceBits) + (at_x & table_mask)));
    }
  }
  guard_opencv("shaping the seam of a face", [&] {
    std::vector<uint8_t> mask = paste_mask(size_, options.feather);
    const cv::Mat warped = remap(cv::Mat(size_, size_, CV_8UC1, mask.data()), region_, places_, between_);
    weights_.reserve(count);
    for (int y = 0; y < warped.rows; ++y) {
      for (int x = 0; x < warped.cols; ++x) weights_.push_back(static_cast<float>(warped.at<uint8_t>(y, x)) / 255.0F);
    }
  });
}

Image PortraitPasteBack::apply(const Image& generated, const Image& original) const {
  Image picture = original.clone();
  apply_to(picture, generated);
  return picture;
}

void PortraitPasteBack::apply_to(Image& picture, const Image& generated) const {
  check(picture.width() == width_ && picture.height() == height_, ErrorKind::Internal,
        "a face cut from {}x{} pixels cannot be pasted into {}x{}", width_, height_, picture.width(), picture.height());
  if (weights_.empty()) return;
  const Image crop = resize_linear(generated, size_, size_);
  guard_opencv("pasting a face back", [&] {
    const cv::Mat warped = remap(view(crop), region_, places_, between_);
    for (int y = 0; y < region_.height; ++y) {
      const uint8_t* from = warped.ptr<uint8_t>(y);
      const float* weight = weights_.data() + static_cast<size_t>(y) * static_cast<size_t>(region_.width);
      uint8_t* to = picture.row(region_.y + y) + static_cast<size_t>(region_.x) * 3;
      for (int x = 0; x < region_.width; ++x) {
        const float share = weight[x];
        for (int channel = 0; channel < 3; ++channel, ++from, ++to) {
          const float level = share * static_cast<float>(*from) + (1 - share) * static_cast<float>(*to);
          *to = static_cast<uint8_t>(std::clamp(level, 0.0F, 255.0F));
        }
      }
    }
  });
}

}  // namespace animate::pictures
