#include "face/landmark203.h"

#include "base/error.h"
#include "face/portrait_crop.h"
#include "onnx/network.h"
#include "onnx/picture_blob.h"

namespace animate::face {
namespace {

constexpr int kSize = 224;
constexpr size_t kPoints = 203;
constexpr size_t kOutput = 2;  // the third

class OnnxLandmark203 final : public Landmark203 {
 public:
  explicit OnnxLandmark203(onnx::Network network) : network_(std::move(network)) {}

  Points2 find(const Image& image, const Points2& around) override {
    const pictures::CropTransform crop = landmark203_crop(around);
    const auto outputs = network_.forward(landmark203_input(image, crop));
    return landmark203_points(outputs[kOutput], crop.image_from_crop, network_.name());
  }

 private:
  onnx::Network network_;
};

}  // namespace

std::unique_ptr<Landmark203> Landmark203::load(const std::filesystem::path& path) {
  onnx::Network network = onnx::Network::load(path, {1, 3, kSize, kSize});
  const auto& outputs = network.outputs();
  bool fits = outputs.size() > kOutput;
  if (fits) {
    const auto& shape = outputs[kOutput].shape;
    fits = shape.empty() || shape.back() == -1 || shape.back() == 2 * kPoints;
  }
  check(fits, ErrorKind::Model, "{}: does not give 203 points of a face; give LivePortrait's landmark.onnx",
        network.name());
  return std::make_unique<OnnxLandmark203>(std::move(network));
}

pictures::CropTransform landmark203_crop(const Points2& around) {
  PortraitCropOptions options;
  options.size = kSize;
  options.scale = 1.5;
  options.vy_ratio = -0.1;
  return crop_transform(around, options);
}

FloatArray landmark203_input(const Image& image, const pictures::CropTransform& crop) {
  return onnx::picture_blob(pictures::warp_crop(image, crop), 0, 255);
}

Points2 landmark203_points(const FloatArray& output, const std::array<float, 9>& image_from_crop,
                           const std::string& name) {
  check(output.values.size() == 2 * kPoints, ErrorKind::Model,
        "{}: gave {} numbers instead of the 406 of 203 points; give LivePortrait's landmark.onnx", name,
        output.values.size());
  Points2 points;
  points.reserve(kPoints);
  for (size_t i = 0; i < kPoints; ++i)
    points.push_back({output.values[2 * i] * kSize, output.values[2 * i + 1] * kSize});
  return pictures::transform_points(points, image_from_crop);
}

}  // namespace animate::face
