#include "face/yunet_detector.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/error.h"
#include "onnx/network.h"

namespace animate::face {
namespace {

constexpr int kYunetAnchors = 1;
constexpr double kYunetOverlap = 0.3;
constexpr double kYunetThreshold = 0.6;
constexpr int kReduced = 3;
constexpr BlobRule kRule{0, 1, true};

double probability(float value) { return std::clamp(static_cast<double>(value), 0.0, 1.0); }

Face decode(const GridOutputs& grid, size_t cell, double column, double row, double score, double scale) {
  const double stride = grid.stride / scale;
  const float* box = grid.boxes->values.data() + cell * 4;
  // No face is e^12 cells wide; a network gone wrong shall not give infinite boxes.
  const double width = std::exp(std::min(12.0, static_cast<double>(box[2]))) * stride;
  const double height = std::exp(std::min(12.0, static_cast<double>(box[3]))) * stride;
  Face face{{(column + box[0]) * stride - width / 2, (row + box[1]) * stride - height / 2, width, height}, score, {}};
  const float* offsets = grid.points->values.data() + cell * 10;
  for (size_t i = 0; i < 5; ++i) {
    face.points.push_back({static_cast<float>((column + offsets[2 * i]) * stride),
                           static_cast<float>((row + offsets[2 * i + 1]) * stride)});
  }
  return face;
}

class YunetDetector final : public FaceDetector {
 public:
  YunetDetector(onnx::Network network, int input_size, double threshold)
      : network_(std::move(network)), input_size_(input_size), threshold_(threshold) {}

  std::vector<Face> detect(const Image& image) override {
    if (image.empty()) return {};
    // Its largest anchors are smaller than a face that fills the picture: it looks at the picture reduced, too.
    std::vector<Face> faces = look(image, input_size_);
    std::ranges::move(look(image, input_size_ / kReduced), std::back_inserter(faces));
    faces = suppress_overlaps(std::move(faces), kYunetOverlap, 0);
    order_faces(faces, FaceOrder::LargeSmall);
    return faces;
  }

  std::string_view kind() const override { return "YuNet"; }

 private:
  std::vector<Face> look(const Image& image, int fit) {
    const DetectorInput input = detector_input(image, input_size_, fit, kRule);
    return decode_yunet(network_.forward(input.blob), input_size_, input.scale, threshold_, network_.name());
  }

  onnx::Network network_;
  int input_size_;
  double threshold_;
};

}  // namespace

std::vector<Face> decode_yunet(std::span<const FloatArray> outputs, int input_size, double scale, double threshold,
                               const std::string& name) {
  const auto grids = sort_outputs(outputs, input_size, kYunetAnchors, 2, name);
  auto faces = faces_of(grids, input_size, kYunetAnchors,
                        [&](const GridOutputs& grid, size_t cell, int column, int row) -> std::optional<Face> {
                          const double score = std::sqrt(probability(grid.scores[0]->values[cell]) *
                                                         probability(grid.scores[1]->values[cell]));
                          if (score < threshold) return std::nullopt;
                          return decode(grid, cell, column, row, score, scale);
                        });
  return suppress_overlaps(std::move(faces), kYunetOverlap, 0);
}

std::unique_ptr<FaceDetector> make_yunet_detector(onnx::Model model, const FaceDetectorOptions& options) {
  const int size = detector_input_size(model, 640);
  onnx::Network network(std::move(model), {1, 3, size, size});
  return std::make_unique<YunetDetector>(std::move(network), size, options.threshold.value_or(kYunetThreshold));
}

}  // namespace animate::face
