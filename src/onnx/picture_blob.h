#pragma once

#include "animate/image.h"
#include "base/float_array.h"

namespace animate::onnx {

// A picture as a network takes it: 1 x 3 x height x width, red plane first, (level - mean) / divisor.
inline FloatArray picture_blob(const Image& image, float mean, float divisor) {
  FloatArray blob{{1, 3, image.height(), image.width()}, {}};
  blob.values.reserve(image.size_bytes());
  for (size_t channel = 0; channel < 3; ++channel) {
    for (size_t i = channel; i < image.size_bytes(); i += 3) {
      blob.values.push_back((static_cast<float>(image.data()[i]) - mean) / divisor);
    }
  }
  return blob;
}

}  // namespace animate::onnx
