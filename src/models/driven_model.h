#pragma once

#include <torch/types.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "animate/options.h"
#include "animate/point.h"
#include "motion/motion.h"

namespace animate::models {

// Pictures as a model sees them: [B, 3, H, W] in [0, 1], RGB, at the model's frame size; B is 1 where one is meant.
struct Crop {
  torch::Tensor image;
};

// What a model keeps of a source picture. Opaque to everyone but its own family.
class Source {
 public:
  virtual ~Source() = default;
};

struct ModelInfo {
  std::string family;
  std::string name;  // for messages and templates
  int64_t frame_width = 0;
  int64_t frame_height = 0;
  int64_t parameters = 0;
  // How many of its keypoints are drawn heads' own, the first ones in their order (heads/README.md#truth); 0: what its
  // points mean, if they mean anything, was left to training.
  int64_t head_points = 0;
};

// A loaded network family. Immutable: every method is const, and any number of threads may share one model.
// The reference motion is an argument of render(), so a model keeps no state between frames.
class DrivenModel {
 public:
  virtual ~DrivenModel() = default;

  virtual const ModelInfo& info() const = 0;
  virtual torch::Device device() const = 0;

  // The source-only part of the work, done once per source.
  virtual std::unique_ptr<const Source> encode_source(const Crop& source) const = 0;
  virtual motion::Motion extract_motion(const Crop& driving) const = 0;
  // Paints the source in the driver's pose -> [1, 3, H, W] in [0, 1], float32, on the model's device.
  virtual torch::Tensor render(const Source& source, const motion::Motion& driving, const motion::Motion& reference,
                               const MotionOptions& options) const = 0;

  // The same for several frames at once, which is faster where one frame does not fill the device. What comes out is
  // what comes out of single frames, but for the order in which a device adds up. By default they are done one by one.
  // B crops -> B motions
  virtual std::vector<motion::Motion> extract_motions(const Crop& driving) const;
  // B >= 1 poses of one source -> [B, 3, H, W]
  virtual torch::Tensor render_batch(const Source& source, std::span<const motion::Motion> driving,
                                     const motion::Motion& reference, const MotionOptions& options) const;

  // How far a driving pose is from the source's own, position and size taken out: the smallest is the best reference
  // frame. Any non-negative measure.
  virtual double pose_distance(const Source& source, const motion::Motion& driving) const = 0;
  // Keypoints for drawing, in [-1, 1]: of a motion, of a source, and as render() applies them. May be empty.
  virtual std::vector<Point> keypoints(const motion::Motion& motion) const = 0;
  virtual std::vector<Point> source_keypoints(const Source& source) const = 0;
  virtual std::vector<Point> applied_keypoints(const Source& source, const motion::Motion& driving,
                                               const motion::Motion& reference, const MotionOptions& options) const = 0;
};

}  // namespace animate::models
