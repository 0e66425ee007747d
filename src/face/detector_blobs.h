#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "animate/image.h"
#include "base/float_array.h"

namespace animate::face {

// What goes into a detector network and how its many outputs are told apart; the same for SCRFD and YuNet.

// How levels 0..255 become numbers: (level - mean) / divisor, in the order of channels that the network learned.
struct BlobRule {
  float mean = 127.5F;
  float divisor = 128;
  bool blue_first = false;
};

// The picture fitted into the upper left of a black square, proportions kept (models/liveportrait/README.md#detector,
// step 1).
struct DetectorInput {
  FloatArray blob;   // 1 x 3 x size x size
  double scale = 1;  // pixels of the square by pixels of the picture
};
DetectorInput detector_input(const Image& image, int size, const BlobRule& rule);

// The outputs for one grid of anchors.
struct GridOutputs {
  int stride = 0;
  std::vector<const FloatArray*> scores;  // one number an anchor
  const FloatArray* boxes = nullptr;      // four
  const FloatArray* points = nullptr;     // ten
};

// Sorts a network's outputs into the grids of strides 8, 16 and 32 by their sizes, since names and order differ
// between exports. `anchors` a cell; `scores` arrays of scores a grid. Throws Error(Model) with `name` when the
// outputs are others.
std::array<GridOutputs, 3> sort_outputs(std::span<const FloatArray> outputs, int input_size, int anchors, size_t scores,
                                        const std::string& name);

}  // namespace animate::face
