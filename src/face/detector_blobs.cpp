#include "face/detector_blobs.h"

#include <algorithm>

#include "base/error.h"
#include "pictures/exact_resize.h"

namespace animate::face {

DetectorInput detector_input(const Image& image, int size, const BlobRule& rule) {
  return detector_input(image, size, size, rule);
}

DetectorInput detector_input(const Image& image, int size, int fit, const BlobRule& rule) {
  const double ratio = static_cast<double>(image.height()) / image.width();
  const int height = ratio > 1 ? fit : std::max(1, static_cast<int>(fit * ratio));
  const int width = ratio > 1 ? std::max(1, static_cast<int>(fit / ratio)) : fit;
  const Image fitted = pictures::resize_linear(image, width, height);
  const auto side = static_cast<size_t>(size);
  DetectorInput input;
  input.scale = static_cast<double>(height) / image.height();
  input.blob.shape = {1, 3, size, size};
  input.blob.values.assign(3 * side * side, (0 - rule.mean) / rule.divisor);
  for (int y = 0; y < height; ++y) {
    const uint8_t* from = fitted.row(y);
    for (int x = 0; x < width; ++x) {
      for (size_t channel = 0; channel < 3; ++channel, ++from) {
        const size_t plane = rule.blue_first ? 2 - channel : channel;
        input.blob.values[(plane * side + static_cast<size_t>(y)) * side + static_cast<size_t>(x)] =
            (static_cast<float>(*from) - rule.mean) / rule.divisor;
      }
    }
  }
  return input;
}

std::array<GridOutputs, 3> sort_outputs(std::span<const FloatArray> outputs, int input_size, int anchors, size_t scores,
                                        const std::string& name) {
  std::array<GridOutputs, 3> grids{GridOutputs{8, {}}, {16, {}}, {32, {}}};
  size_t used = 0;
  for (GridOutputs& grid : grids) {
    const auto cells = static_cast<size_t>(input_size / grid.stride);
    const size_t count = cells * cells * static_cast<size_t>(anchors);
    for (const FloatArray& output : outputs) {
      const int64_t width = output.shape.empty() ? 0 : output.shape.back();
      if (width <= 0 || output.values.size() != count * static_cast<size_t>(width)) continue;
      if (width == 1) grid.scores.push_back(&output);
      if (width == 4) grid.boxes = &output;
      if (width == 10) grid.points = &output;
      ++used;
    }
    check(grid.scores.size() == scores && grid.boxes != nullptr && grid.points != nullptr, ErrorKind::Model,
          "{}: its outputs are not those of a face detector for {}x{} pixels; give another file", name, input_size,
          input_size);
  }
  check(used == outputs.size(), ErrorKind::Model, "{}: has outputs that no face detector has; give another file", name);
  return grids;
}

int detector_input_size(const onnx::Model& model, int usual) {
  const auto& shape = model.input().shape;
  const bool fixed = shape.size() == 4 && shape[2] > 0;
  const int64_t size = fixed ? shape[2] : usual;
  check(size % 32 == 0 && size <= 4096 && (!fixed || shape[3] == shape[2]), ErrorKind::Model,
        "{}: takes pictures of a size that is no multiple of 32; give another export of the detector", model.name());
  return static_cast<int>(size);
}

}  // namespace animate::face
