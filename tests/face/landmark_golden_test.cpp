#include "face/golden_arrays.h"
#include "face/landmark106.h"
#include "face/landmark203.h"
#include "onnx/picture_blob.h"
#include "pictures/exact_resize.h"

// models/liveportrait/README.md#106-landmarks and models/liveportrait/README.md#203-landmarks: what is done before and
// after the landmark networks, with made-up outputs.
using namespace animate::face;
using namespace animate::pictures;
using namespace animate::onnx;
using namespace animate;
using test::golden_file;
using test::GoldenArrays;
using test::largest_difference;

namespace {

// Every step-th number along the last two axes of 1 x 3 x S x S.
std::vector<float> strided(const FloatArray& blob, int64_t step) {
  const int64_t size = blob.shape[3];
  std::vector<float> picked;
  for (int64_t plane = 0; plane < 3; ++plane) {
    for (int64_t y = 0; y < size; y += step) {
      for (int64_t x = 0; x < size; x += step) {
        picked.push_back(blob.values[static_cast<size_t>((plane * size + y) * size + x)]);
      }
    }
  }
  return picked;
}

}  // namespace

TEST_CASE("106 points: the network's input and its answer in the picture") {
  const auto file = golden_file("facemodels/landmark106.safetensors");
  const GoldenArrays golden(file);
  const auto corners = golden.numbers("bbox");
  const Box box{corners[0], corners[1], corners[2] - corners[0], corners[3] - corners[1]};
  const Landmark106Input input = landmark106_input(golden.image("image_rgb"), box);
  CHECK(largest_difference(strided(input.blob, 3), golden.singles("blob_strided3")) <= 1);
  const FloatArray output{golden.shape("net_out"), golden.singles("net_out")};
  const Points2 points = landmark106_points(output, input.image_from_input, "fixture");
  CHECK(largest_difference(points, golden.points("landmarks")) <= 2e-3);
}

TEST_CASE("203 points: the network's input and its answer in the picture") {
  const auto file = golden_file("facemodels/landmark203.safetensors");
  const GoldenArrays golden(file);
  const Image image = golden.image("image_rgb");
  const CropTransform crop = landmark203_crop(golden.points("lmk_in"));
  CHECK(largest_difference(strided(landmark203_input(image, crop), 4), golden.singles("net_in_strided4")) <=
        1.0 / 255 + 1e-6);
  const FloatArray output{golden.shape("net_out"), golden.singles("net_out")};
  CHECK(largest_difference(landmark203_points(output, crop.image_from_crop, "fixture"), golden.points("landmarks")) <=
        2e-3);
  // Without landmarks to start from, the original looks at the whole picture; its pipelines never do.
  const float scale = static_cast<float>(std::max(image.width(), image.height())) / 224;
  const std::array<float, 9> whole{scale, 0, 0, 0, scale, 0, 0, 0, 1};
  CHECK(largest_difference(landmark203_points(output, whole, "fixture"),
                           golden.points("landmarks_without_input_lmk")) <= 2e-3);
}
