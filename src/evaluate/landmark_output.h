#pragma once

#include <string>

#include "base/float_array.h"
#include "evaluate/landmark_measures.h"

namespace animate::evaluate {

// Reads what a keypoint network says about one picture.
//   coordinates  [1, N, 2], [N, 2] or [1, 2N] with x before y: 0..1 of the picture, or pixels of the network's input.
//                Auto: pixels where some number of the first picture is above 2; the answer stays for the others.
//   heatmaps     [1, N, h, w]: the keypoint lies in the middle of the highest cell; missing where that is below
//                `missing_below`.
// Coordinates (-1, -1) mean, as in the authors' files, that the point is missing.
class LandmarkOutput {
 public:
  // `network` names the file in messages; input sizes are the network's, in pixels.
  LandmarkOutput(std::string network, int64_t input_width, int64_t input_height, KeypointScale scale,
                 double missing_below)
      : network_(std::move(network)),
        input_width_(input_width),
        input_height_(input_height),
        scale_(scale),
        missing_below_(missing_below) {}

  // In pixels of a picture of this size. Throws Error(Model) for an output of another shape.
  Landmarks read(const FloatArray& output, int64_t width, int64_t height);

 private:
  Landmarks read_heatmaps(const FloatArray& output, int64_t width, int64_t height) const;

  std::string network_;
  int64_t input_width_, input_height_;
  KeypointScale scale_;
  double missing_below_;
};

}  // namespace animate::evaluate
