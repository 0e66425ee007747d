#include "engine/still/animated_source.h"

#include "core/tensor_image.h"

namespace animate::engine {

AnimatedSource::AnimatedSource(std::shared_ptr<const models::DrivenModel> model, const Image& source,
                               MotionOptions options)
    : model_(std::move(model)), options_(std::move(options)), transfer_(model_->device()) {
  const models::ModelInfo& info = model_->info();
  source_ = model_->encode_source({core::to_tensor(source, info.frame_height, info.frame_width)});
}

motion::Motion AnimatedSource::motion_of(const Image& driving) const {
  const models::ModelInfo& info = model_->info();
  return model_->extract_motion({core::to_tensor(driving, info.frame_height, info.frame_width)});
}

std::vector<motion::Motion> AnimatedSource::motions_of(std::span<const core::SentFrame> driving) {
  const models::ModelInfo& info = model_->info();
  return model_->extract_motions({transfer_.to_tensor(driving, info.frame_height, info.frame_width)});
}

std::vector<core::FetchedFrame> AnimatedSource::animate_batch(std::span<const motion::Motion> driving) {
  if (!reference_) reference_ = driving.front();
  return transfer_.fetch(model_->render_batch(*source_, driving, *reference_, options_));
}

Image AnimatedSource::animate(const motion::Motion& driving) {
  if (!reference_) reference_ = driving;
  return core::to_image(model_->render(*source_, driving, *reference_, options_));
}

std::vector<Point> AnimatedSource::applied_keypoints(const motion::Motion& driving) const {
  return model_->applied_keypoints(*source_, driving, reference_or(driving), options_);
}

}  // namespace animate::engine
