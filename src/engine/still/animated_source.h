#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "animate/image.h"
#include "core/frame_transfer.h"
#include "models/driven_model.h"

namespace animate {

// One source and one stream of motion over a shared model: the only stateful thing in the engine. Keeps the encoded
// source and the reference motion. Not thread-safe; any number of sessions may share a model.
class AnimatedSource {
 public:
  // `source` is the picture (or crop) to animate; it is resized to the model's frame.
  AnimatedSource(std::shared_ptr<const DrivenModel> model, const Image& source, MotionOptions options);

  Motion motion_of(const Image& driving) const;

  // Starts a driving picture's way to the model's device. Thread-safe, beside everything else here.
  SentFrame send(Image driving) const { return transfer_.send(std::move(driving)); }
  // One batch of what was sent.
  std::vector<Motion> motions_of(std::span<const SentFrame> driving);
  // The motion that relative transfer starts from. Without a call the first motion given to animate() is taken.
  void set_reference(Motion reference) { reference_ = std::move(reference); }
  // The next motion is taken again.
  void forget_reference() { reference_.reset(); }
  // Holds for the motion to come.
  void set_options(const MotionOptions& options) { options_ = options; }

  // One frame of the result at the model's frame size.
  Image animate(const Motion& driving);
  // One batch of them, on their way from the device.
  std::vector<FetchedFrame> animate_batch(std::span<const Motion> driving);

  double pose_distance(const Motion& driving) const { return model_->pose_distance(*source_, driving); }
  std::vector<Point> source_keypoints() const { return model_->source_keypoints(*source_); }
  std::vector<Point> driving_keypoints(const Motion& driving) const { return model_->keypoints(driving); }
  // Keypoints as they were applied to the source for this motion.
  std::vector<Point> applied_keypoints(const Motion& driving) const;

  const DrivenModel& model() const { return *model_; }

 private:
  const Motion& reference_or(const Motion& driving) const { return reference_ ? *reference_ : driving; }

  std::shared_ptr<const DrivenModel> model_;
  MotionOptions options_;
  FrameTransfer transfer_;
  std::unique_ptr<const Source> source_;
  std::optional<Motion> reference_;
};

}  // namespace animate
