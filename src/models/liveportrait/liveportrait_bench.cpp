#include "models/liveportrait/liveportrait_bench.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include "base/error.h"
#include "core/device.h"
#include "models/bench_clock.h"
#include "models/liveportrait/liveportrait_model.h"

namespace animate::liveportrait {
namespace {

// Sizes as in files: parameters and buffers.
int64_t bytes_of(const torch::nn::Module& module) {
  int64_t bytes = 0;
  for (const auto& tensor : module.parameters()) bytes += static_cast<int64_t>(tensor.nbytes());
  for (const auto& tensor : module.buffers()) bytes += static_cast<int64_t>(tensor.nbytes());
  return bytes;
}

int64_t parameters_of(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& tensor : module.parameters()) sum += tensor.numel();
  return sum;
}

BenchStage stage(const char* name, const torch::nn::Module& module) {
  return {name, parameters_of(module), 0, true, bytes_of(module)};
}

// One frame's way through the networks, on tensors alone.
class Bench {
 public:
  Bench(const ModelFiles& files, const BenchOptions& options)
      : options_(options), device_(parse_device(options.runtime.device)), clock_(options.frames, device_) {
    use_bench_threads(options.runtime);
    check(options.size == 0 || options.size == LivePortraitModel::kFrameSize, ErrorKind::Usage,
          "--size {}: LivePortrait's networks work at {} pixels; leave out --size", options.size,
          LivePortraitModel::kFrameSize);
    check(!(options.baseline && options.runtime.half), ErrorKind::Usage,
          "--baseline runs in float32 as the original does; leave out --half");
    const Config config = find_config(files);
    Networks networks(config);
    if (!options.random_weights) networks.load(files);
    rows_ = {stage("F appearance extractor", *networks.appearance), stage("M motion extractor", *networks.motion),
             stage("W warping network", *networks.warping), stage("G SPADE generator", *networks.spade)};
    if (networks.retargeting) rows_.push_back(stage("S stitching", *networks.retargeting->stitching));
    if (!options.baseline) networks.fold();
    if (!options.baseline && device_.is_cpu()) {
      networks.use_fast_convolutions(nn::parse_conv_mode(options.runtime.conv));
    }
    const bool half = options.runtime.half && device_.is_cuda();
    report_.model = files.name;
    model_ = std::make_unique<LivePortraitModel>(files.name, config, std::move(networks), FaceModelFiles{}, device_,
                                                 half ? torch::kHalf : torch::kFloat);
  }

  BenchReport run() {
    const c10::InferenceMode guard;
    torch::manual_seed(1);
    constexpr int64_t side = LivePortraitModel::kFrameSize;
    const auto source = torch::rand({1, 3, side, side}).to(device_);
    const auto driving = torch::rand({1, 3, side, side}).to(device_);
    const auto appearance = model_->appearance_of(source);
    const Points3 x_s = model_->motion_of(source).keypoints();
    const Points3 x_d = model_->motion_of(driving).keypoints();
    const Networks& networks = model_->networks();
    const auto row = [this](const Points3& points) {
      auto flat = torch::empty({1, static_cast<int64_t>(points.size()), 3});
      std::copy_n(points.front().data(), flat.numel(), flat.data_ptr<float>());
      return flat.to(device_);
    };
    const auto kp_s = row(x_s);
    const auto kp_d = row(x_d);
    const auto feature = appearance.to(model_->type());
    const auto warped = networks.warping->forward(feature, kp_d, kp_s).feature_map.to(model_->type());
    rows_[0].milliseconds = clock_.median([&] { model_->appearance_of(source); });
    rows_[0].per_frame = false;
    rows_[1].milliseconds = clock_.median([&] { model_->motion_of(driving); });
    rows_[2].milliseconds = clock_.median([&] { networks.warping->forward(feature, kp_d, kp_s); });
    rows_[3].milliseconds = clock_.median([&] { networks.spade->forward(warped); });
    if (model_->retargeter() != nullptr) {
      rows_[4].milliseconds = clock_.median([&] { model_->retargeter()->stitch(x_s, x_d); });
    }
    report_.stages = rows_;
    report_.device = describe_device(device_);
    report_.mode = options_.baseline ? "baseline" : "optimised";
    report_.width = report_.height = side;
    report_.frames = options_.frames;
    report_.milliseconds_per_frame = clock_.median([&] {
      Points3 moved = model_->motion_of(driving).keypoints();
      if (model_->retargeter() != nullptr) moved = model_->retargeter()->stitch(x_s, moved);
      model_->paint(appearance, moved, x_s);
    });
    report_.frames_per_second = 1000 / std::max(report_.milliseconds_per_frame, 1e-9);
    return report_;
  }

 private:
  BenchOptions options_;
  torch::Device device_;
  BenchClock clock_;
  BenchReport report_;
  std::vector<BenchStage> rows_;
  std::unique_ptr<LivePortraitModel> model_;
};

}  // namespace

BenchReport bench(const ModelFiles& files, const BenchOptions& options) { return Bench(files, options).run(); }

}  // namespace animate::liveportrait
