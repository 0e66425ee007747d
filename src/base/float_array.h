#pragma once

#include <cstdint>
#include <vector>

namespace animate {
inline namespace base {

// Numbers and their shape, row-major: values.size() is the product of shape. Plain data without LibTorch.
struct FloatArray {
  std::vector<int64_t> shape;
  std::vector<float> values;

  bool operator==(const FloatArray&) const = default;
};

}  // namespace base
}  // namespace animate
