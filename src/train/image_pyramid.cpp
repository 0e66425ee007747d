#include "train/image_pyramid.h"

namespace animate::train {

ImagePyramid::ImagePyramid(int64_t channels, const std::vector<Scale>& scales) : scales_(scales) {
  for (const Scale& scale : scales) {
    filters_.emplace_back(scale.value == 1 ? core::nn::AntiAliasInterpolation2d(nullptr)
                                           : core::nn::AntiAliasInterpolation2d(channels, scale.value));
  }
}

void ImagePyramid::to(const torch::Device& device) {
  for (auto& filter : filters_) {
    if (!filter.is_empty()) filter->to(device);
  }
}

Pyramid ImagePyramid::operator()(const torch::Tensor& image) {
  Pyramid levels;
  for (size_t i = 0; i < filters_.size(); ++i) {
    levels[scales_[i].name] = filters_[i].is_empty() ? image : filters_[i]->forward(image);
  }
  return levels;
}

}  // namespace animate::train
