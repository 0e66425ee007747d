#include "engine/toy_family/toy_family.h"

#include "core/weights.h"
#include "engine/still/still_jobs.h"

namespace animate::test {
namespace {

constexpr int64_t kSide = 16;

struct ToySource : models::Source {
  torch::Tensor picture;
};

class ToyModel : public models::DrivenModel {
 public:
  explicit ToyModel(std::string name) { info_ = {"toy", std::move(name), kSide, kSide, 1}; }

  const models::ModelInfo& info() const override { return info_; }
  torch::Device device() const override { return torch::kCPU; }
  std::unique_ptr<const models::Source> encode_source(const models::Crop& source) const override {
    auto encoded = std::make_unique<ToySource>();
    encoded->picture = source.image;
    return encoded;
  }
  motion::Motion extract_motion(const models::Crop& driving) const override {
    const auto mean = driving.image.mean({0, 2, 3}).contiguous();
    motion::Motion motion;
    motion.arrays["colour"] = {{1, 3}, {mean.data_ptr<float>(), mean.data_ptr<float>() + 3}};
    return motion;
  }
  torch::Tensor render(const models::Source& source, const motion::Motion& driving, const motion::Motion& reference,
                       const MotionOptions& options) const override {
    const auto colour = colour_of(driving) - (options.relative ? colour_of(reference) : torch::zeros({1, 3, 1, 1}));
    return (static_cast<const ToySource&>(source).picture + colour).clamp(0, 1);
  }
  double pose_distance(const models::Source&, const motion::Motion& driving) const override {
    return colour_of(driving).abs().sum().item<double>();
  }
  std::vector<Point> keypoints(const motion::Motion&) const override { return {}; }
  std::vector<Point> source_keypoints(const models::Source&) const override { return {}; }
  std::vector<Point> applied_keypoints(const models::Source&, const motion::Motion&, const motion::Motion&,
                                       const MotionOptions&) const override {
    return {};
  }

 private:
  static torch::Tensor colour_of(const motion::Motion& motion) {
    return torch::tensor(motion.arrays.at("colour").values).view({1, 3, 1, 1});
  }

  models::ModelInfo info_;
};

bool is_toy(const models::ModelFiles& files) {
  if (!files.weights) return false;
  const auto family = files.weights->metadata().find("family");
  return family != files.weights->metadata().end() && family->second == "toy";
}

constexpr models::ModelFamily kModels{
    "toy",
    "takes over colours; for tests",
    is_toy,
    [](const models::ModelFiles& files, const AnimateOptions&) -> std::shared_ptr<const models::DrivenModel> {
      return std::make_shared<ToyModel>(files.name);
    },
    nullptr,
    nullptr};
constexpr engine::JobFamily kJobs{
    "toy", engine::FamilyKind::Driven, nullptr,
    [](const models::ModelFiles& files, const AnimateOptions&) -> std::unique_ptr<const engine::DrivenJobs> {
      return engine::still_jobs(std::make_shared<ToyModel>(files.name));
    }};

}  // namespace

std::unique_ptr<engine::AddedFamily> add_toy_family() { return std::make_unique<engine::AddedFamily>(kModels, kJobs); }

FamilySample toy_sample() {
  return {"toy",
          [](const TempDir& folder) -> ModelSpec {
            core::save_tensors(folder / "toy.safetensors", {{"colour", torch::ones({1})}}, {{"family", "toy"}});
            return {(folder / "toy.safetensors").string(), {}};
          },
          {}};
}

}  // namespace animate::test
