#include "face/scrfd_detector.h"

#include <algorithm>

#include "base/error.h"
#include "onnx/network.h"

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
  ScrfdDetector(onnx::Network network, int input_size, const FaceDetectorOptions& options)
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

  std::string_view kind() const override { return "SCRFD"; }

 private:
  onnx::Network network_;
  int input_size_;
  double threshold_;
  int max_faces_;
};

}  // namespace

std::vector<Face> decode_scrfd(std::span<const FloatArray> outputs, int input_size, double scale, double threshold,
                               const std::string& name) {
  const auto grids = sort_outputs(outputs, input_size, kAnchors, 1, name);
  auto faces = faces_of(grids, input_size, kAnchors,
                        [&](const GridOutputs& grid, size_t anchor, int column, int row) -> std::optional<Face> {
                          const float score = grid.scores[0]->values[anchor];
                          if (score < static_cast<float>(threshold)) return std::nullopt;
                          return decode(grid, anchor, static_cast<float>(column * grid.stride),
                                        static_cast<float>(row * grid.stride), score, scale);
                        });
  return suppress_overlaps(std::move(faces), kOverlap, 1);
}

std::unique_ptr<FaceDetector> make_scrfd_detector(onnx::Model model, const FaceDetectorOptions& options) {
  const bool large = options.model.filename().string().find("10g") != std::string::npos;
  const int size = detector_input_size(model, large ? 512 : 640);
  onnx::Network network(std::move(model), {1, 3, size, size});
  return std::make_unique<ScrfdDetector>(std::move(network), size, options);
}

}  // namespace animate::face
