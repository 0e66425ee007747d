#include "engine/still/frame_composer.h"

#include <algorithm>

#include "engine/keypoint_marks.h"
#include "pictures/draw.h"
#include "pictures/resize_image.h"

namespace animate::engine {
FrameComposer::FrameComposer(const SourcePicture& source, const OutputOptions& options,
                             std::vector<Point> source_keypoints)
    : source_(source),
      concat_(options.concat),
      show_keypoints_(options.show_keypoints),
      source_keypoints_(std::move(source_keypoints)) {}

Image FrameComposer::compose(const RenderedFrame& frame) const {
  const Image result = show_keypoints_ ? marked(frame.result, frame.applied_keypoints) : frame.result;
  const Image finished = source_.finish(result);
  if (!concat_) return finished;

  // All panels get the height of the finished picture; the crop panels keep the model's shape.
  const int height = finished.height();
  const int width = std::max(1, height * result.width() / result.height());
  std::vector<Image> panels;
  if (!frame.driving.empty()) {
    panels.push_back(pictures::resize_image(frame.driving, width, height));
    if (show_keypoints_) panels.back() = marked(panels.back(), frame.driving_keypoints);
  }
  panels.push_back(pictures::resize_image(source_.crop(), width, height));
  if (show_keypoints_) panels.back() = marked(panels.back(), source_keypoints_);
  panels.push_back(finished);
  return pictures::side_by_side(panels);
}

}  // namespace animate::engine
