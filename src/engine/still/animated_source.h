#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "animate/image.h"
#include "core/frame_transfer.h"
#include "models/driven_model.h"

namespace animate::engine {

// One source and one stream of motion over a shared model: the only stateful thing in the engine. Keeps the encoded
// source and the reference motion. Not thread-safe; any number of sessions may share a model.
class AnimatedSource {
 public:
  // `source` is the picture (or crop) to animate; it is resized to the model's frame.
  AnimatedSource(std::shared_ptr<const models::DrivenModel> model, const Image& source, MotionOptions options);

  motion::Motion motion_of(const Image& driving) const;

  // Starts a driving picture's way to the model's device. Thread-safe, beside everything else here.
  core::SentFrame send(Image driving) const { return transfer_.send(std::move(driving)); }
  // One batch of what was sent.
  std::vector<motion::Motion> motions_of(std::span<const core::SentFrame> driving);
  // The motion that relative transfer starts from. Without a call the first motion given to animate() is taken.
  void set_reference(motion::Motion reference) { reference_ = std::move(reference); }
  // The next motion is taken again.
  void forget_reference() { reference_.reset(); }
  // Holds for the motion to come.
  void set_options(const MotionOptions& options) { options_ = options; }

  // One frame of the result at the model's frame size.
  Image animate(const motion::Motion& driving);
  // One batch of them, on their way from the device.
  std::vector<core::FetchedFrame> animate_batch(std::span<const motion::Motion> driving);

  double pose_distance(const motion::Motion& driving) const { return model_->pose_distance(*source_, driving); }
  std::vector<Point> source_keypoints() const { return model_->source_keypoints(*source_); }
  std::vector<Point> driving_keypoints(const motion::Motion& driving) const { return model_->keypoints(driving); }
  // Keypoints as they were applied to the source for this motion.
  std::vector<Point> applied_keypoints(const motion::Motion& driving) const;

  const models::DrivenModel& model() const { return *model_; }

 private:
  const motion::Motion& reference_or(const motion::Motion& driving) const { return reference_ ? *reference_ : driving; }

  std::shared_ptr<const models::DrivenModel> model_;
  MotionOptions options_;
  core::FrameTransfer transfer_;
  std::unique_ptr<const models::Source> source_;
  std::optional<motion::Motion> reference_;
};

}  // namespace animate::engine
