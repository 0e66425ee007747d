#include "core/float_array.h"

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::core;
using namespace animate;

TEST_CASE("tensors become plain arrays and come back") {
  const auto tensor = torch::arange(24, torch::kFloat32).reshape({1, 2, 3, 4});
  const FloatArray array = to_float_array(tensor);
  CHECK(array.shape == std::vector<int64_t>{1, 2, 3, 4});
  CHECK(array.values[23] == 23.0F);
  CHECK(to_tensor(array).equal(tensor));
}

TEST_CASE("layout and type of a tensor do not show in its array") {
  const auto tensor = torch::arange(6, torch::kFloat32).reshape({2, 3});
  CHECK(to_float_array(tensor.t()).values == std::vector<float>{0, 3, 1, 4, 2, 5});
  CHECK(to_float_array(tensor.to(torch::kFloat64)) == to_float_array(tensor));
  CHECK(to_float_array(tensor.to(torch::kHalf)) == to_float_array(tensor));
}

TEST_CASE("an array whose values do not fill its shape is a bug of ours") {
  CHECK(test::error_of(ErrorKind::Internal, [] {
          to_tensor(FloatArray{{1, 3}, {1, 2}});
        }) == "a motion array of 2 values does not have its shape");
}
