#pragma once

#include <cstdint>
#include <vector>

namespace animate {

// Numbers that go into a network or come out of it: row-major, values.size() is the product of the shape.
struct FloatArray {
  std::vector<int64_t> shape;
  std::vector<float> values;
};

}  // namespace animate
