#pragma once

#include <vector>

#include "animate/image.h"
#include "animate/options.h"
#include "animate/point.h"
#include "engine/still/source_picture.h"

namespace animate::engine {

// One animated frame on its way to the encoder, with what the composer may want to show beside it.
struct RenderedFrame {
  Image result;   // the model's frame
  Image driving;  // empty when the driver is a template
  std::vector<Point> driving_keypoints;
  std::vector<Point> applied_keypoints;
};

// Makes the written picture of a frame: the result alone or pasted back, or driving | source | result side by side,
// with keypoints drawn where asked. Runs on the encoding thread, beside the networks. Const and thread-safe.
class FrameComposer {
 public:
  FrameComposer(const SourcePicture& source, const OutputOptions& options, std::vector<Point> source_keypoints);

  Image compose(const RenderedFrame& frame) const;

 private:
  const SourcePicture& source_;
  bool concat_;
  bool show_keypoints_;
  std::vector<Point> source_keypoints_;
};

}  // namespace animate::engine
