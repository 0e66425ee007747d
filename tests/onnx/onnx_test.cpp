#include <cmath>
#include <iostream>

#include "face/face_detector.h"
#include "face/landmark106.h"
#include "face/landmark203.h"
#include "onnx/network.h"
#include "onnx/onnx_builder.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"
#include "support/pictures.h"
#include "support/temp_dir.h"

using namespace animate::face;
using namespace animate::pictures;
using namespace animate::onnx;
using namespace animate;
using test::error_of;
using test::OnnxBuilder;
using test::TempDir;

namespace {

animate::onnx::Model parse(const std::string& bytes) {
  return animate::onnx::Model::parse(test::as_bytes(bytes), "net.onnx");
}

std::string refusal(const std::string& bytes, ErrorKind kind = ErrorKind::Model) {
  return error_of(kind, [&] { parse(bytes).fix_input({1, 3, 8, 8}); });
}

FloatArray ramp(std::vector<int64_t> shape) {
  FloatArray array{std::move(shape), {}};
  int64_t count = 1;
  for (const int64_t side : array.shape) count *= side;
  for (int64_t i = 0; i < count; ++i) array.values.push_back(std::sin(static_cast<float>(i)));
  return array;
}

}  // namespace

TEST_CASE("a graph with open shapes runs after its input was fixed, at any size") {
  const int64_t size = GENERATE(8, 12, 32);
  animate::onnx::Network network(parse(test::open_shapes_model().bytes()), {1, 3, size, size});
  REQUIRE(network.outputs().size() == 1);
  CHECK(network.outputs()[0].name == "score");
  CHECK(network.outputs()[0].shape == std::vector<int64_t>{size * size, 4});
  const FloatArray input = ramp({1, 3, size, size});
  const auto result = network.forward(input);
  REQUIRE(result.size() == 1);
  CHECK(result[0].shape == std::vector<int64_t>{size * size, 4});

  // The same by hand: convolution, doubling by nearest, sigmoid.
  const auto model = test::open_shapes_model();
  auto builder = model;
  const auto& raw = builder.graph().initializer(0).raw_data();
  std::vector<float> weights(raw.size() / sizeof(float));
  std::memcpy(weights.data(), raw.data(), raw.size());
  double largest = 0;
  for (int64_t y = 0; y < size; ++y) {
    for (int64_t x = 0; x < size; ++x) {
      for (int64_t channel = 0; channel < 4; ++channel) {
        double sum = 0;
        for (int64_t plane = 0; plane < 3; ++plane) {
          for (int64_t k = 0; k < 9; ++k) {
            const int64_t row = (y / 2) * 2 + k / 3 - 1;
            const int64_t column = (x / 2) * 2 + k % 3 - 1;
            if (row < 0 || column < 0 || row >= size || column >= size) continue;
            sum += static_cast<double>(weights[static_cast<size_t>((channel * 3 + plane) * 9 + k)]) *
                   static_cast<double>(input.values[static_cast<size_t>((plane * size + row) * size + column)]);
          }
        }
        const double expected = 1 / (1 + std::exp(-sum));
        const double seen = result[0].values[static_cast<size_t>((y * size + x) * 4 + channel)];
        largest = std::max(largest, std::abs(seen - expected));
      }
    }
  }
  CHECK(largest < 1e-5);
}

TEST_CASE("a shape that does not fit the graph is refused") {
  CHECK(error_of(ErrorKind::Model, [] {
          parse(test::open_shapes_model().bytes()).fix_input({1, 4, 8, 8});
        }) == "net.onnx: its input is fixed to another shape than 1x4x8x8; give the model for that size");
  OnnxBuilder wrong({1, 3, 0, 0});
  wrong.constant("shape", {2}, {-1, 7});
  wrong.node("Reshape", {"input", "shape"}, {"out"});
  wrong.output("out", {0, 7});
  CHECK(refusal(wrong.bytes()) ==
        "net.onnx: the shapes at one of its Reshape nodes do not fit; give a face model for this input");
}

TEST_CASE("what is no model is refused by its name") {
  CHECK(error_of(ErrorKind::Input, [] { parse("hello"); }) ==
        "net.onnx: is not an ONNX model, or only a part of one; download it again");
  error_of(ErrorKind::Input, [] { parse(""); });
  const std::string whole = test::open_shapes_model().bytes();
  // A cut file is refused wherever it is cut, or is a smaller model that contradicts itself.
  int refused = 0;
  for (size_t length = 0; length < whole.size(); ++length) {
    try {
      parse(whole.substr(0, length)).fix_input({1, 3, 8, 8});
    } catch (const Error& error) {
      CHECK(error.kind() != ErrorKind::Internal);
      ++refused;
    }
  }
  CHECK(refused >= static_cast<int>(whole.size()) - 20);

  const TempDir dir;
  const auto pointer = dir.write("pointer.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
  CHECK(error_of(ErrorKind::Input, [&] { animate::onnx::Model::read(pointer); }) ==
        pointer.string() + ": is a Git-LFS pointer, not the file itself; run `git lfs pull` in its repository");
  const auto page = dir.write("page.onnx", "<!DOCTYPE html><html></html>");
  CHECK(error_of(ErrorKind::Input, [&] { animate::onnx::Model::read(page); }) ==
        page.string() + ": is a web page, not the file it is named after; download the file itself");
  CHECK(error_of(ErrorKind::Input, [&] { animate::onnx::Model::read(dir / "absent.onnx"); }) ==
        (dir / "absent.onnx").string() + ": no such file; check the path");
}

TEST_CASE("weights in other files, of other sizes, or of unknown kinds are refused") {
  auto outside = test::landmark_model(8, {4});
  auto& tensor = *outside.graph().mutable_initializer(0);
  tensor.clear_raw_data();
  tensor.set_data_location(::onnx::TensorProto::EXTERNAL);
  CHECK(refusal(outside.bytes()) == "net.onnx: keeps its weights in other files; give a model in one file");

  auto shorter = test::landmark_model(8, {4});
  shorter.graph().mutable_initializer(0)->set_raw_data("1234");
  CHECK(refusal(shorter.bytes()) == "net.onnx: a weight has not as many numbers as its shape says; download it again");

  auto absurd = test::landmark_model(8, {4});
  absurd.graph().mutable_initializer(0)->set_dims(0, int64_t{1} << 40);
  CHECK(refusal(absurd.bytes()) == "net.onnx: holds an array of an absurd shape; download it again");

  auto unknown = test::landmark_model(8, {4});
  unknown.graph().mutable_initializer(0)->set_data_type(::onnx::TensorProto::STRING);
  CHECK(refusal(unknown.bytes()) ==
        "net.onnx: holds numbers of the unknown type 8; give a single-precision face model");
}

TEST_CASE("graphs that contradict themselves are refused") {
  auto later = test::landmark_model(8, {4});
  later.graph().mutable_node(0)->set_input(0, "out0");
  CHECK(refusal(later.bytes()) == "net.onnx: a node uses a value that is not made before it; download it again");

  auto twice = test::landmark_model(8, {4});
  twice.graph().mutable_node(1)->set_output(0, "mean");
  CHECK(refusal(twice.bytes()) == "net.onnx: two nodes make the same value; download it again");

  auto branch = test::landmark_model(8, {4});
  branch.graph().mutable_node(0)->add_attribute()->mutable_g();
  CHECK(refusal(branch.bytes()) ==
        "net.onnx: branches while it runs, which is not supported; give a face model without control flow");

  auto still = test::open_shapes_model();
  still.graph().mutable_node(0)->mutable_attribute(0)->set_ints(0, 0);
  CHECK(refusal(still.bytes()) == "net.onnx: has strides that make no sense; download it again");

  auto inputs = test::landmark_model(8, {4});
  *inputs.graph().add_input() = inputs.graph().input(0);
  inputs.graph().mutable_input(1)->set_name("second");
  CHECK(refusal(inputs.bytes()) == "net.onnx: takes 2 inputs instead of one picture; give a face model");
}

TEST_CASE("an operation that OpenCV does not know is said so") {
  OnnxBuilder odd({1, 3, 8, 8});
  odd.node("NoSuchOperation", {"input"}, {"out"});
  odd.output("out", {1, 3, 8, 8});
  CHECK_THAT(error_of(ErrorKind::Model,
                      [&] {
                        animate::onnx::Network(parse(odd.bytes()), {1, 3, 8, 8});
                      }),
             ContainsSubstring("net.onnx: the installed OpenCV cannot run it"));
}

TEST_CASE("a network that gives no finite numbers is refused") {
  auto model = test::landmark_model(8, {4});
  const std::vector<float> broken(12, std::nanf(""));
  model.graph().mutable_initializer(0)->set_raw_data(broken.data(), broken.size() * sizeof(float));
  animate::onnx::Network network(parse(model.bytes()), {1, 3, 8, 8});
  CHECK(error_of(ErrorKind::Model, [&] {
          network.forward(ramp({1, 3, 8, 8}));
        }) == "net.onnx: its output out0 is not finite; give other weights");
}

TEST_CASE("landmark networks: the whole way from a file to points of the picture") {
  const TempDir dir;
  const Image picture = test::patterned(120, 100, 7);
  const auto file106 = dir.write("106.onnx", test::landmark_model(192, {212}).bytes());
  const Points2 points = Landmark106::load(file106)->find(picture, {30, 20, 40, 50});
  CHECK(points.size() == 106);

  const auto file203 = dir.write("203.onnx", test::landmark_model(224, {214, 262, 406}).bytes());
  const auto landmark203 = Landmark203::load(file203);
  const Points2 found = landmark203->find(picture, points);
  CHECK(found.size() == 203);
  // The made-up network answers by the mean colour: the same picture, the same points.
  CHECK(landmark203->find(picture, points) == found);

  CHECK(error_of(ErrorKind::Model, [&] { Landmark106::load(file203); }) ==
        file203.string() + ": its input is fixed to another shape than 1x3x192x192; give the model for that size");
  const auto other = dir.write("other.onnx", test::landmark_model(192, {10}).bytes());
  CHECK(error_of(ErrorKind::Model, [&] { Landmark106::load(other); }) ==
        other.string() + ": does not give 106 points of a face; give 2d106det.onnx");
  const auto few = dir.write("few.onnx", test::landmark_model(224, {406}).bytes());
  CHECK(error_of(ErrorKind::Model, [&] { Landmark203::load(few); }) ==
        few.string() + ": does not give 203 points of a face; give LivePortrait's landmark.onnx");
}

TEST_CASE("a network that is no detector is refused as one") {
  const TempDir dir;
  const auto file = dir.write("106.onnx", test::landmark_model(192, {212}).bytes());
  CHECK(error_of(ErrorKind::Model,
                 [&] {
                   make_face_detector({file, {}, 0});
                 }) ==
        file.string() +
            ": is no face detector that is known here (it has 1 outputs); give SCRFD with points, YuNet, or haar");
}

// Writes the seeds of the fuzzer: face_tests "[.seeds]" from the root of the project.
TEST_CASE("seeds of onnx_fuzz", "[.seeds]") {
  const std::filesystem::path folder = std::filesystem::path(ANIMATE_TEST_DATA) / "onnx";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "open_shapes.onnx", std::ios::binary) << test::open_shapes_model().bytes();
  std::ofstream(folder / "three_outputs.onnx", std::ios::binary) << test::landmark_model(224, {6, 4, 8}).bytes();
}
