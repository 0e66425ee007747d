#include "face/golden_arrays.h"
#include "face/scrfd_detector.h"

// models/liveportrait/README.md#detector: what InsightFace does before and after its detector network, with made-up
// outputs.
using namespace animate::face;
using namespace animate;
using test::golden_file;
using test::GoldenArrays;

namespace {

std::vector<FloatArray> outputs_of(const GoldenArrays& golden) {
  std::vector<FloatArray> outputs;
  for (int i = 0; i < 9; ++i) {
    const std::string key = "net_out_" + std::to_string(i);
    outputs.push_back({golden.shape(key), golden.singles(key)});
  }
  return outputs;
}

double box_difference(const std::vector<Face>& faces, const std::vector<double>& rows, size_t at_row, size_t at_face) {
  const Box& box = faces[at_face].box;
  const double* row = rows.data() + at_row * 5;
  return std::max({std::abs(box.x - row[0]), std::abs(box.y - row[1]), std::abs(box.x + box.width - row[2]),
                   std::abs(box.y + box.height - row[3]), std::abs(faces[at_face].score - row[4])});
}

}  // namespace

TEST_CASE("the detector's input, boxes, points and orders are InsightFace's") {
  const auto json = golden_file("facemodels/detector.json");
  const auto file = golden_file("facemodels/detector.safetensors");
  const auto facts = test::read_json(json);
  const GoldenArrays golden(file);
  const Image image = golden.image("image_rgb");
  const int size = facts["input_size"];
  CHECK(facts["nms_thresh"].get<double>() == 0.4);

  const DetectorInput input = detector_input(image, size, BlobRule{});
  const auto blob = golden.singles("blob_strided4");
  double largest = 0;
  size_t at = 0;
  for (size_t plane = 0; plane < 3; ++plane) {
    for (int y = 0; y < size; y += 4) {
      for (int x = 0; x < size; x += 4) {
        const size_t place = (plane * static_cast<size_t>(size) + static_cast<size_t>(y)) * static_cast<size_t>(size);
        const double value = input.blob.values[place + static_cast<size_t>(x)];
        largest = std::max(largest, std::abs(value - static_cast<double>(blob[at++])));
      }
    }
  }
  CHECK(at == blob.size());
  CHECK(largest <= 1e-4);

  auto outputs = outputs_of(golden);
  // Names and order differ between exports: only the shapes may count.
  std::rotate(outputs.begin(), outputs.begin() + GENERATE(0, 4, 7), outputs.end());
  const auto faces = decode_scrfd(outputs, size, input.scale, facts["det_thresh"], "fixture");
  const auto boxes = golden.numbers("boxes");
  const auto points = golden.numbers("kps");
  REQUIRE(faces.size() == boxes.size() / 5);
  for (size_t i = 0; i < faces.size(); ++i) {
    INFO("face " << i);
    CHECK(box_difference(faces, boxes, i, i) <= 2e-3);
    for (size_t k = 0; k < 5; ++k) {
      CHECK(std::abs(static_cast<double>(faces[i].points[k][0]) - points[(i * 5 + k) * 2]) <= 2e-3);
      CHECK(std::abs(static_cast<double>(faces[i].points[k][1]) - points[(i * 5 + k) * 2 + 1]) <= 2e-3);
    }
  }

  auto central = faces;
  keep_central(central, 2, image.width(), image.height());
  const auto central_boxes = golden.numbers("boxes_max2");
  REQUIRE(central.size() == 2);
  for (size_t i = 0; i < 2; ++i) CHECK(box_difference(central, central_boxes, i, i) <= 2e-3);

  const std::map<std::string, FaceOrder> orders = {
      {"large-small", FaceOrder::LargeSmall}, {"small-large", FaceOrder::SmallLarge},
      {"left-right", FaceOrder::LeftRight},   {"right-left", FaceOrder::RightLeft},
      {"top-bottom", FaceOrder::TopBottom},   {"bottom-top", FaceOrder::BottomTop}};
  size_t compared = 0;
  for (const auto& [name, expected] : facts["order_by_direction"].items()) {
    INFO(name);
    auto sorted = faces;
    order_faces(sorted, orders.at(name));
    REQUIRE(expected.size() == sorted.size());
    for (size_t i = 0; i < sorted.size(); ++i) {
      CHECK(box_difference(sorted, boxes, expected[i].get<size_t>(), i) <= 2e-3);
    }
    ++compared;
  }
  CHECK(compared == 6);
}
