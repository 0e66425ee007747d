#include "pictures/scene_cut.h"

#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "pictures/opencv.h"

namespace animate::pictures {

bool SceneCut::next(const Image& image) {
  constexpr int side = 32;
  std::vector<uint8_t> thumbnail(static_cast<size_t>(side) * side);
  guard_opencv("looking for a cut", [&] {
    cv::Mat small;
    cv::resize(view(image), small, {side, side}, 0, 0, cv::INTER_AREA);
    cv::Mat grey(side, side, CV_8UC1, thumbnail.data());
    cv::cvtColor(small, grey, cv::COLOR_RGB2GRAY);
  });
  int difference = 0;
  for (size_t i = 0; i < last_.size(); ++i) difference += std::abs(thumbnail[i] - last_[i]);
  const bool cut = !last_.empty() && difference > threshold_ * static_cast<double>(thumbnail.size());
  last_ = std::move(thumbnail);
  return cut;
}

}  // namespace animate::pictures
