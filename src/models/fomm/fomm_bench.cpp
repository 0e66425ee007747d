#include "models/fomm/fomm_bench.h"

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "core/device.h"
#include "models/bench_clock.h"
#include "models/fomm/fomm_model.h"

namespace animate::fomm {
namespace {

int64_t count(const std::vector<const torch::nn::Module*>& modules) {
  int64_t sum = 0;
  for (const auto* module : modules) {
    for (const auto& parameter : module->parameters()) sum += parameter.numel();
  }
  return sum;
}

class Bench {
 public:
  Bench(const ModelFiles& files, const BenchOptions& options)
      : options_(options), device_(parse_device(options.runtime.device)), clock_(options.frames, device_) {
    use_bench_threads(options.runtime);
    config_ = find_config(files);
    if (options.size > 0) config_.frame_width = config_.frame_height = options.size;
    config_.check_frame_size(config_.frame_height, config_.frame_width);
    check(!(options.baseline && options.runtime.half), ErrorKind::Usage,
          "--baseline runs in float32 as the original does; leave out --half");
    Networks networks(config_);
    if (files.weights) networks.load(*files.weights);
    name_ = files.name;
    if (options.baseline) {
      networks.detector->to(device_);
      networks.generator->to(device_);
      plain_ = std::make_unique<Networks>(networks);
    } else {
      networks.fold();
      if (device_.is_cpu()) networks.use_fast_convolutions(nn::parse_conv_mode(options.runtime.conv));
      model_ = std::make_unique<FommModel>(files.name, config_, networks, AlignCorners::Off, device_,
                                           options.runtime.half && device_.is_cuda());
    }
  }

  BenchReport run() {
    const c10::InferenceMode guard;
    torch::manual_seed(1);
    const std::vector<int64_t> shape{1, 3, config_.frame_height, config_.frame_width};
    source_ = torch::rand(shape).to(device_);
    driving_ = torch::rand(shape).to(device_);
    BenchReport report;
    report.model = name_;
    report.device = describe_device(device_);
    report.mode = options_.baseline ? "baseline" : "optimised";
    report.width = config_.frame_width;
    report.height = config_.frame_height;
    report.frames = options_.frames;
    report.stages = options_.baseline ? baseline_stages() : optimised_stages();
    report.milliseconds_per_frame = options_.baseline ? baseline_frame() : optimised_frame();
    report.frames_per_second = 1000 / std::max(report.milliseconds_per_frame, 1e-9);
    return report;
  }

 private:
  double measure(const std::function<void()>& work) const { return clock_.median(work); }

  torch::Tensor channels(const torch::Tensor& image) const {
    return config_.num_channels == 1 ? image.mean(1, true) : image;
  }

  // The same stages for both ways of computing; only what happens once and what happens per frame differs.
  std::vector<BenchStage> stages(Networks& networks, torch::ScalarType generator_type, bool encode_every_frame) {
    auto& detector = *networks.detector;
    auto& generator = *networks.generator;
    const auto source = channels(source_);
    const auto driving = channels(driving_);
    const Keypoints kp_source = detector.forward(source);
    const Keypoints kp_driving = detector.forward(driving);
    const auto image = source.to(generator_type);
    EncodedSource encoded = generator.encode(image);
    std::vector<BenchStage> rows;
    rows.push_back({"keypoint detector", count({&detector}), measure([&] { detector.forward(driving); }), true});
    rows.push_back({"source encoder", count({generator.first.get(), generator.down_blocks.get()}),
                    measure([&] { generator.encode(image); }), encode_every_frame});
    auto features = encoded.features;
    DenseMotion motion;
    if (!generator.dense_motion_network.is_empty()) {
      encoded.small = generator.dense_motion_network->shrink(source);
      encoded.features = encoded.features.to(torch::kFloat);
      auto& dense = *generator.dense_motion_network;
      motion = dense.forward(encoded.small, kp_driving, kp_source, AlignCorners::Off);
      features = generator.warp_features(encoded, motion, AlignCorners::Off).to(generator_type);
      rows.push_back({"dense motion", count({&dense}),
                      measure([&] { dense.forward(encoded.small, kp_driving, kp_source, AlignCorners::Off); }), true});
      rows.push_back({"feature warp", 0, measure([&] {
                        generator.warp_features(encoded, motion, AlignCorners::Off);
                        if (encode_every_frame) warp(source, motion.deformation, AlignCorners::Off);
                      }),
                      true});
    }
    const auto refined = generator.refine(features);
    rows.push_back(
        {"bottleneck", count({generator.bottleneck.get()}), measure([&] { generator.refine(features); }), true});
    rows.push_back({"decoder", count({generator.up_blocks.get(), generator.final.get()}),
                    measure([&] { generator.decode(refined, encoded, motion, AlignCorners::Off); }), true});
    return rows;
  }

  std::vector<BenchStage> baseline_stages() { return stages(*plain_, torch::kFloat, true); }
  std::vector<BenchStage> optimised_stages() {
    Networks networks = model_->networks();
    return stages(networks, model_->generator_type(), false);
  }

  double optimised_frame() const {
    const auto source = model_->encode_source({source_});
    const Motion reference = model_->extract_motion({driving_});
    const MotionOptions options;
    return measure([&] {
      const Motion motion = model_->extract_motion({driving_});
      model_->render(*source, motion, reference, options);
    });
  }

  double baseline_frame() const {
    auto& detector = *plain_->detector;
    auto& generator = *plain_->generator;
    const auto source = channels(source_);
    const auto driving = channels(driving_);
    const Keypoints kp_source = detector.forward(source);
    const Keypoints initial = detector.forward(driving);
    return measure([&] {
      const Keypoints applied = transfer_motion(kp_source, detector.forward(driving), initial, {});
      const auto out = generator.generate(generator.encode(source), applied, kp_source, AlignCorners::Off);
      if (out.motion.deformation.defined()) warp(source, out.motion.deformation, AlignCorners::Off);
    });
  }

  BenchOptions options_;
  torch::Device device_;
  BenchClock clock_;
  std::string name_;
  Config config_;
  std::unique_ptr<Networks> plain_;
  std::unique_ptr<FommModel> model_;
  torch::Tensor source_;
  torch::Tensor driving_;
};

}  // namespace

BenchReport bench(const ModelFiles& files, const BenchOptions& options) { return Bench(files, options).run(); }

}  // namespace animate::fomm
