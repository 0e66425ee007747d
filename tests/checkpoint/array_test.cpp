#include "checkpoint/array.h"

#include <array>

#include "support/catch.h"

using namespace animate::checkpoint;
using namespace animate;

TEST_CASE("the number of elements is checked against overflow") {
  using Shape = std::vector<int64_t>;
  CHECK(checked_numel(Shape{}) == 1);
  CHECK(checked_numel(Shape{3, 4}) == 12);
  CHECK(checked_numel(Shape{0, 7}) == 0);
  CHECK_FALSE(checked_numel(Shape{-1}).has_value());
  CHECK_FALSE(checked_numel(Shape{int64_t{1} << 32, int64_t{1} << 32}).has_value());
  CHECK_FALSE(checked_numel(Shape{0, int64_t{1} << 62, 4}).has_value());
}

TEST_CASE("contiguity ignores dimensions of one element") {
  CHECK(ArrayInfo{DType::F32, {2, 1, 3}, {3, 99, 1}}.contiguous());
  CHECK(ArrayInfo{DType::F32, {}, {}}.contiguous());
  CHECK(ArrayInfo{DType::F32, {0, 3}, {7, 7}}.contiguous());
  CHECK_FALSE(ArrayInfo{DType::F32, {2, 3}, {1, 2}}.contiguous());
  CHECK_FALSE(ArrayInfo{DType::F32, {2, 3}, {0, 1}}.contiguous());
  CHECK(contiguous_strides(std::vector<int64_t>{2, 3, 4}) == std::vector<int64_t>{12, 4, 1});
}

TEST_CASE("a transposed and an expanded array are gathered row by row") {
  const std::array<int16_t, 6> storage = {0, 1, 2, 3, 4, 5};
  std::array<int16_t, 6> out{};
  const auto* first = reinterpret_cast<const std::byte*>(storage.data());
  gather({DType::I16, {3, 2}, {1, 3}}, first, std::as_writable_bytes(std::span(out)));
  CHECK(out == std::array<int16_t, 6>{0, 3, 1, 4, 2, 5});
  gather({DType::I16, {2, 3}, {0, 1}}, first, std::as_writable_bytes(std::span(out)));
  CHECK(out == std::array<int16_t, 6>{0, 1, 2, 0, 1, 2});
}

TEST_CASE("types have NumPy's names and sizes") {
  CHECK(name_of(DType::BF16) == "bfloat16");
  CHECK(name_of(DType::Bool) == "bool");
  CHECK(size_of(DType::F64) == 8);
  CHECK(size_of(DType::BF16) == 2);
  CHECK(size_of(DType::Bool) == 1);
}
