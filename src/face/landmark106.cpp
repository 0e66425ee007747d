#include "face/landmark106.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "onnx/network.h"
#include "onnx/picture_blob.h"
#include "pictures/opencv.h"

namespace animate::face {
namespace {

constexpr int kSize = 192;
constexpr size_t kPoints = 106;
constexpr double kMargin = 1.5;

class OnnxLandmark106 final : public Landmark106 {
 public:
  OnnxLandmark106(onnx::Network network, bool normalises) : network_(std::move(network)), normalises_(normalises) {}

  Points2 find(const Image& image, const pictures::Box& face) override {
    const Landmark106Input input =
        normalises_ ? landmark106_input(image, face) : landmark106_input(image, face, 127.5F, 128.0F);
    return landmark106_points(network_.forward(input.blob).front(), input.image_from_input, network_.name());
  }

 private:
  onnx::Network network_;
  bool normalises_;  // the graph itself brings levels into the range that it learned
};

}  // namespace

std::unique_ptr<Landmark106> Landmark106::load(const std::filesystem::path& path) {
  onnx::Model model = onnx::Model::read(path);
  // InsightFace's rule: a graph that begins by subtracting and multiplying takes raw levels.
  const auto first = model.first_operations(8);
  const auto has = [&](const char* operation) {
    return std::find(first.begin(), first.end(), operation) != first.end();
  };
  const bool normalises = has("Sub") && has("Mul");
  onnx::Network network(std::move(model), {1, 3, kSize, kSize});
  const auto& outputs = network.outputs();
  const auto& shape = outputs.front().shape;
  const bool fits = outputs.size() == 1 && (shape.empty() || shape.back() == -1 || shape.back() == 2 * kPoints);
  check(fits, ErrorKind::Model, "{}: does not give 106 points of a face; give 2d106det.onnx", network.name());
  return std::make_unique<OnnxLandmark106>(std::move(network), normalises);
}

Landmark106Input landmark106_input(const Image& image, const pictures::Box& face, float mean, float divisor) {
  const double side = std::max(face.width, face.height);
  check(side > 0 && std::isfinite(side), ErrorKind::Input, "the box of the face has no size; give a larger one");
  const double scale = kSize / (side * kMargin);
  const double x = face.x + face.width / 2;
  const double y = face.y + face.height / 2;
  const double middle = kSize / 2.0;
  Landmark106Input input;
  input.image_from_input = {1 / scale, 0, x - middle / scale, 0, 1 / scale, y - middle / scale};
  Image crop(kSize, kSize);
  pictures::guard_opencv("cutting out a face", [&] {
    const cv::Matx23d forward(scale, 0, middle - scale * x, 0, scale, middle - scale * y);
    cv::Mat target = pictures::view(crop);
    cv::warpAffine(pictures::view(image), target, forward, target.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  });
  input.blob = onnx::picture_blob(crop, mean, divisor);
  return input;
}

Points2 landmark106_points(const FloatArray& output, const std::array<double, 6>& m, const std::string& name) {
  check(output.values.size() == 2 * kPoints, ErrorKind::Model,
        "{}: gave {} numbers instead of the 212 of 106 points; give 2d106det.onnx", name, output.values.size());
  constexpr float half = kSize / 2.0F;
  Points2 points;
  points.reserve(kPoints);
  for (size_t i = 0; i < kPoints; ++i) {
    const double x = (output.values[2 * i] + 1) * half;
    const double y = (output.values[2 * i + 1] + 1) * half;
    points.push_back({static_cast<float>(m[0] * x + m[1] * y + m[2]), static_cast<float>(m[3] * x + m[4] * y + m[5])});
  }
  return points;
}

}  // namespace animate::face
