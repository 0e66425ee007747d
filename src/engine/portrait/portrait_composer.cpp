#include "engine/portrait/portrait_composer.h"

#include "engine/keypoint_marks.h"
#include "pictures/draw.h"

namespace animate::engine {
const pictures::PortraitPasteBack& PortraitComposer::paste_for(size_t face, const Image& picture,
                                                               const pictures::CropTransform& crop) {
  if (kept_.size() <= face) kept_.resize(face + 1);
  auto& kept = kept_[face];
  const bool fits = kept && kept->width == picture.width() && kept->height == picture.height() &&
                    kept->crop.image_from_crop == crop.image_from_crop;
  if (!fits) {
    pictures::PortraitPasteOptions options;
    options.feather = options_.feather;
    kept.emplace(Kept{crop, picture.width(), picture.height(),
                      pictures::PortraitPasteBack(picture.width(), picture.height(), crop, options)});
  }
  return kept->paste;
}

Image PortraitComposer::compose(PaintedFrame frame) {
  for (size_t i = 0; i < frame.generated.size() && options_.show_keypoints; ++i) {
    frame.generated[i] = marked(frame.generated[i], frame.keypoints[i]);
  }
  if (!frame.generated.empty()) last_ = frame.generated.front();
  if (options_.concat && !last_.empty()) return pictures::concat_frames(frame.driving, frame.source, last_);
  if (!options_.paste_back) return last_.empty() ? frame.picture : last_;
  Image result = frame.generated.empty() ? frame.picture : frame.picture.clone();
  for (size_t i = 0; i < frame.generated.size(); ++i) {
    paste_for(i, result, *frame.crops[i]).apply_to(result, frame.generated[i]);
  }
  return result;
}

}  // namespace animate::engine
