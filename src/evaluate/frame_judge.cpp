#include "evaluate/frame_judge.h"

#include <optional>

#include "base/error.h"
#include "evaluate/landmark_output.h"
#include "onnx/network.h"
#include "onnx/picture_blob.h"
#include "pictures/resize_image.h"

namespace animate::evaluate {
namespace {

constexpr int64_t kOpenSide = 256;  // pixels, where a file leaves its input's size open

// A network that takes a picture [1, 3, H, W] in 0..1, of the size that its file says.
class PictureNetwork {
 public:
  explicit PictureNetwork(const std::filesystem::path& path) : PictureNetwork(onnx::Model::read(path)) {}

  const std::string& name() const { return network_.name(); }
  int64_t width() const { return shape_[3]; }
  int64_t height() const { return shape_[2]; }

  FloatArray first_output(const Image& image, bool swap_colours) {
    const Image fitted = pictures::resize_image(image, static_cast<int>(width()), static_cast<int>(height()));
    FloatArray blob = onnx::picture_blob(fitted, 0, 255);
    if (swap_colours) {
      const auto plane = static_cast<std::ptrdiff_t>(height() * width());
      std::swap_ranges(blob.values.begin(), blob.values.begin() + plane, blob.values.begin() + 2 * plane);
    }
    return std::move(network_.forward(blob).front());
  }

 private:
  explicit PictureNetwork(onnx::Model model) : shape_(picture_shape(model)), network_(std::move(model), shape_) {}

  static std::vector<int64_t> picture_shape(const onnx::Model& model) {
    std::vector<int64_t> shape = model.input().shape;
    if (shape.empty()) shape = {1, 3, -1, -1};
    const bool picture = shape.size() == 4 && (shape[0] == 1 || shape[0] == -1) && (shape[1] == 3 || shape[1] == -1);
    check(picture, ErrorKind::Model,
          "{}: takes an input of shape {} instead of one picture 1x3xHxW; give another export", model.name(),
          fmt::join(shape, "x"));
    return {1, 3, shape[2] == -1 ? kOpenSide : shape[2], shape[3] == -1 ? kOpenSide : shape[3]};
  }

  std::vector<int64_t> shape_;
  onnx::Network network_;
};

class LandmarkJudge : public FrameJudge {
 public:
  LandmarkJudge(const std::filesystem::path& path, KeypointScale scale, double missing_below)
      : network_(path), output_(network_.name(), network_.width(), network_.height(), scale, missing_below) {}

  void judge(const Image& real, const Image& generated, Tally& tally) override {
    const Landmarks a = find(real);
    const Landmarks b = find(generated);
    if (const auto distance = keypoint_distance(a, b)) tally.add("akd", *distance);
    if (const auto rate = missing_rate(a, b)) tally.add("mkr", *rate);
  }

 private:
  Landmarks find(const Image& image) {
    return output_.read(network_.first_output(image, false), image.width(), image.height());
  }

  PictureNetwork network_;
  LandmarkOutput output_;
};

class EmbeddingJudge : public FrameJudge {
 public:
  EmbeddingJudge(const std::filesystem::path& path, bool swap_colours) : network_(path), swap_colours_(swap_colours) {}

  void judge(const Image& real, const Image& generated, Tally& tally) override {
    tally.add("aed", embedding_distance(describe(real), describe(generated)));
  }

 private:
  std::vector<float> describe(const Image& image) {
    FloatArray output = network_.first_output(image, swap_colours_);
    // 1xD, or 1xDx1x1 as pooling leaves it.
    int64_t long_sides = 0;
    for (const int64_t side : output.shape) long_sides += side > 1 ? 1 : 0;
    check(long_sides == 1, ErrorKind::Model,
          "{}: gives an output of shape {} instead of one vector a picture; give a network that describes an identity",
          network_.name(), fmt::join(output.shape, "x"));
    return std::move(output.values);
  }

  PictureNetwork network_;
  bool swap_colours_;
};

class AllJudges : public FrameJudge {
 public:
  explicit AllJudges(std::vector<std::unique_ptr<FrameJudge>> judges) : judges_(std::move(judges)) {}
  void judge(const Image& real, const Image& generated, Tally& tally) override {
    for (const auto& judge : judges_) judge->judge(real, generated, tally);
  }

 private:
  std::vector<std::unique_ptr<FrameJudge>> judges_;
};

}  // namespace

std::unique_ptr<FrameJudge> make_frame_judge(const EvaluateJob& job) {
  std::vector<std::unique_ptr<FrameJudge>> judges;
  const EvaluateOptions& options = job.options;
  if (!job.keypoints.empty()) {
    judges.push_back(std::make_unique<LandmarkJudge>(job.keypoints, options.keypoint_scale, options.missing_below));
  }
  if (!job.embedding.empty()) {
    judges.push_back(std::make_unique<EmbeddingJudge>(job.embedding, options.embedding_order == ChannelOrder::Bgr));
  }
  if (judges.empty()) return nullptr;
  return std::make_unique<AllJudges>(std::move(judges));
}

}  // namespace animate::evaluate
