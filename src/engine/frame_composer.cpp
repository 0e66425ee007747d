#include "engine/frame_composer.h"

#include <algorithm>

#include "face/draw.h"
#include "face/resize_image.h"

namespace animate {
namespace {

// The original draws discs of radius 5 on frames of 256 pixels.
constexpr double kRadiusShare = 5.0 / 256;

void mark(Image& image, const std::vector<Point>& keypoints) {
  draw_keypoints(image, keypoints, std::max(1.0, kRadiusShare * std::min(image.width(), image.height())));
}

}  // namespace

FrameComposer::FrameComposer(const SourcePicture& source, const OutputOptions& options,
                             std::vector<Point> source_keypoints)
    : source_(source),
      concat_(options.concat),
      show_keypoints_(options.show_keypoints),
      source_keypoints_(std::move(source_keypoints)) {}

Image FrameComposer::compose(const RenderedFrame& frame) const {
  Image result = frame.result;
  if (show_keypoints_) {
    result = result.clone();
    mark(result, frame.applied_keypoints);
  }
  const Image finished = source_.finish(result);
  if (!concat_) return finished;

  // All panels get the height of the finished picture; the crop panels keep the model's shape.
  const int height = finished.height();
  const int width = std::max(1, height * result.width() / result.height());
  std::vector<Image> panels;
  if (!frame.driving.empty()) {
    panels.push_back(resize_image(frame.driving, width, height));
    if (show_keypoints_) mark(panels.back(), frame.driving_keypoints);
  }
  panels.push_back(resize_image(source_.crop(), width, height));
  if (show_keypoints_) mark(panels.back(), source_keypoints_);
  panels.push_back(finished);
  return side_by_side(panels);
}

}  // namespace animate
