#include "core/tensor_image.h"

#include "support/catch.h"

using namespace animate::core;
using namespace animate;

TEST_CASE("a picture of the model's size survives the way there and back to the bit") {
  Image image(7, 5);
  for (size_t i = 0; i < image.size_bytes(); ++i) image.data()[i] = static_cast<uint8_t>((i * 37) % 256);
  const auto tensor = to_tensor(image, 5, 7);
  CHECK(tensor.sizes() == torch::IntArrayRef({1, 3, 5, 7}));
  const Image back = to_image(tensor);
  REQUIRE(back.width() == 7);
  REQUIRE(back.height() == 5);
  CHECK(std::equal(image.data(), image.data() + image.size_bytes(), back.data()));
}

TEST_CASE("values outside the range are clamped") {
  const auto tensor = torch::tensor({-0.5F, 0.5F, 1.5F}).view({1, 3, 1, 1});
  const Image image = to_image(tensor);
  CHECK(image.data()[0] == 0);
  CHECK(image.data()[1] == 128);  // 127.5, half to even
  CHECK(image.data()[2] == 255);
}
