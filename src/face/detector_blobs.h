#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "animate/image.h"
#include "base/float_array.h"
#include "face/face.h"
#include "onnx/model.h"

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
// The same with the picture fitted into the upper left `fit` x `fit` pixels of the square, fit at most `size`.
DetectorInput detector_input(const Image& image, int size, int fit, const BlobRule& rule);

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

// The faces among all anchors of the sorted grids: `decode(grid, anchor, column, row)` gives the face that the anchor
// of that cell found, or nothing. Anchors are counted as the outputs count them: cells row by row, `anchors` to a cell.
template <typename Decode>
std::vector<Face> faces_of(std::span<const GridOutputs> grids, int input_size, int anchors, Decode&& decode) {
  std::vector<Face> faces;
  for (const GridOutputs& grid : grids) {
    const int cells = input_size / grid.stride;
    size_t anchor = 0;
    for (int row = 0; row < cells; ++row) {
      for (int column = 0; column < cells; ++column) {
        for (int i = 0; i < anchors; ++i, ++anchor) {
          if (std::optional<Face> face = decode(grid, anchor, column, row)) faces.push_back(*std::move(face));
        }
      }
    }
  }
  return faces;
}

// The side of the square pictures that a detector takes: its own where the file fixes it, else `usual`.
// Throws Error(Model) for one that is no square or does not divide into the grids.
int detector_input_size(const onnx::Model& model, int usual);

}  // namespace animate::face
