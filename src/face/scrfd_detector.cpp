#include "face/scrfd_detector.h"

#include <algorithm>

#include "base/error.h"
#include "face/onnx_network.h"

namespace animate::face {
namespace {

constexpr int kAnchors = 2;  // a cell
constexpr double kOverlap = 0.4;
constexpr double kThreshold = 0.15;

Face decode(const GridOutputs& grid, size_t anchor, float x, float y, float score, double scale) {
  const auto stride = static_cast<float>(grid.stride);
  const auto shrink = static_cast<float>(scale);
  const float* sides = grid.boxes->values.data() + anchor * 4;
  const float left = (x - sides[0] * stride) / shrink;
  const float top = (y - sides[1] * stride) / shrink;
  const float right = (x + sides[2] * stride) / shrink;
  const float bottom = (y + sides[3] * stride) / shrink;
  Face face{{left, top, static_cast<double>(right) - left, static_cast<double>(bottom) - top}, score, {}};
  const float* offsets = grid.points->values.data() + anchor * 10;
  for (size_t i = 0; i < 5; ++i) {
    face.points.push_back({(x + offsets[2 * i] * stride) / shrink, (y + offsets[2 * i + 1] * stride) / shrink});
  }
  return face;
}

class ScrfdDetector final : public FaceDetector {
 public:
  ScrfdDetector(OnnxNetwork network, int input_size, const FaceDetectorOptions& options)
      : network_(std::move(network)),
        input_size_(input_size),
        threshold_(options.threshold.value_or(kThreshold)),
        max_faces_(options.max_faces) {}

  std::vector<Face> detect(const Image& image) override {
    if (image.empty()) return {};
    const DetectorInput input = detector_input(image, input_size_, BlobRule{});
    auto faces = decode_scrfd(network_.forward(input.blob), input_size_, input.scale, threshold_, network_.name());
    std::erase_if(faces, [](const Face& face) { return face.box.width <= 0 || face.box.height <= 0; });
    keep_central(faces, max_faces_, image.width(), image.height());
    order_faces(faces, FaceOrder::LargeSmall);
    return faces;
  }

 private:
  OnnxNetwork network_;
  int input_size_;
  double threshold_;
  int max_faces_;
};

}  // namespace

std::vector<Face> decode_scrfd(std::span<const FloatArray> outputs, int input_size, double scale, double threshold,
                               const std::string& name) {
  std::vector<Face> faces;
  for (const GridOutputs& grid : sort_outputs(outputs, input_size, kAnchors, 1, name)) {
    const int cells = input_size / grid.stride;
    size_t anchor = 0;
    for (int row = 0; row < cells; ++row) {
      for (int column = 0; column < cells; ++column) {
        for (int i = 0; i < kAnchors; ++i, ++anchor) {
          const float score = grid.scores[0]->values[anchor];
          if (score < static_cast<float>(threshold)) continue;
          faces.push_back(decode(grid, anchor, static_cast<float>(column * grid.stride),
                                 static_cast<float>(row * grid.stride), score, scale));
        }
      }
    }
  }
  return suppress_overlaps(std::move(faces), kOverlap, 1);
}

std::unique_ptr<FaceDetector> make_scrfd_detector(OnnxModel model, const FaceDetectorOptions& options) {
  const auto& shape = model.input().shape;
  const bool fixed = shape.size() == 4 && shape[2] > 0;
  const bool large = options.model.filename().string().find("10g") != std::string::npos;
  const int64_t size = fixed ? shape[2] : large ? 512 : 640;
  check(size % 32 == 0 && size <= 4096 && (!fixed || shape[3] == shape[2]), ErrorKind::Model,
        "{}: takes pictures of a size that is no multiple of 32; give another export of the detector", model.name());
  OnnxNetwork network(std::move(model), {1, 3, size, size});
  return std::make_unique<ScrfdDetector>(std::move(network), static_cast<int>(size), options);
}

}  // namespace animate::face
