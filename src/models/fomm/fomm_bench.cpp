#include "models/fomm/fomm_bench.h"

#include <c10/core/InferenceMode.h>

#include <memory>
#include <utility>

#include "catalog/runtime_choices.h"
#include "core/device.h"
#include "core/dissolve.h"
#include "core/precision.h"
#include "models/fomm/fomm_model.h"

namespace animate::models::fomm {
namespace {

int64_t count(const std::vector<const torch::nn::Module*>& modules) {
  int64_t sum = 0;
  for (const auto* module : modules) {
    for (const auto& parameter : module->parameters()) sum += parameter.numel();
  }
  return sum;
}

// The networks one way or the other, and a source and a driving picture for them.
class Workbench {
 public:
  Workbench(const ModelFiles& files, const BenchOptions& options, const Config& config)
      : config_(config), baseline_(options.baseline), networks_(config) {
    const auto device = core::choose_device(options.runtime.device);
    if (files.weights) networks_.load(*files.weights);
    if (baseline_) {
      networks_.detector->to(device);
      networks_.generator->to(device);
    } else {
      networks_.fold();
      if (device.is_cpu()) networks_.use_fast_convolutions(options.runtime.conv);
      const core::Precision precision = core::choose_precision(catalog::chosen_precision(options.runtime), device);
      core::apply_precision(precision, device);
      model_ =
          std::make_unique<FommModel>(files.name, config_, networks_, core::AlignCorners::Off, device, precision,
                                      device.is_cuda() ? core::cuda::graph_recorder() : core::cuda::GraphRecorder());
      generator_type_ = model_->generator_type();
    }
    torch::manual_seed(kBenchSeed);
    const std::vector<int64_t> shape{1, 3, config_.frame_height, config_.frame_width};
    source_ = torch::rand(shape).to(device);
    driving_ = torch::rand(shape).to(device);
    batch_ = baseline_ ? 1 : catalog::batch_size(options.runtime, device.is_cuda());
  }

  // The same stages for both ways of computing; only what happens once and what happens per frame differs.
  std::vector<BenchSubject::Stage> stages() const {
    auto& detector = *networks_.detector;
    auto& generator = *networks_.generator;
    const auto source = channels(source_);
    const auto driving = channels(driving_);
    const Keypoints kp_source = detector.forward(source);
    const Keypoints kp_driving = detector.forward(driving);
    const auto image = source.to(generator_type_);
    EncodedSource encoded = generator.encode(image);
    std::vector<BenchSubject::Stage> rows;
    const auto add = [&rows](const char* name, int64_t parameters, std::function<void()> work) {
      auto& row = rows.emplace_back();
      row.facts.name = name;
      row.facts.parameters = parameters;
      row.work = std::move(work);
    };
    add("keypoint detector", count({&detector}), [&detector, driving] { detector.forward(driving); });
    add("source encoder", count({generator.first.get(), generator.down_blocks.get()}),
        [&generator, image] { generator.encode(image); });
    rows.back().facts.per_frame = baseline_;
    auto features = encoded.features;
    DenseMotion motion;
    if (!generator.dense_motion_network.is_empty()) {
      encoded.small = generator.dense_motion_network->shrink(source);
      encoded.features = encoded.features.to(torch::kFloat);
      auto& dense = *generator.dense_motion_network;
      motion = dense.forward(encoded.small, kp_driving, kp_source, core::AlignCorners::Off);
      features = generator.warp_features(encoded, motion, core::AlignCorners::Off).to(generator_type_);
      add("dense motion", count({&dense}), [&dense, encoded, kp_driving, kp_source] {
        dense.forward(encoded.small, kp_driving, kp_source, core::AlignCorners::Off);
      });
      add("feature warp", 0,
          [&generator, encoded, motion, source, shows = baseline_, padding = config_.generator.padding] {
            generator.warp_features(encoded, motion, core::AlignCorners::Off);
            if (shows) warp(source, motion.deformation, core::AlignCorners::Off, padding);
          });
    }
    const auto refined = generator.refine(features);
    add("bottleneck", count({generator.bottleneck.get()}), [&generator, features] { generator.refine(features); });
    add("decoder", count({generator.up_blocks.get(), generator.final.get()}), [&generator, refined, encoded, motion] {
      generator.decode(refined, encoded, motion, core::AlignCorners::Off);
    });
    return rows;
  }

  int64_t batch() const { return batch_; }

  // Null for the baseline, which knows no morph.
  std::function<void()> render() const {
    if (baseline_) return {};
    const std::shared_ptr<const Source> source = model_->encode_source({source_});
    return [this, source, poses = poses()] { model_->render_batch(*source, poses, poses.front(), absolute()); };
  }
  std::function<void()> morph() const {
    if (baseline_) return {};
    const std::shared_ptr<const Source> from = model_->encode_source({source_});
    const std::shared_ptr<const Source> to = model_->encode_source({driving_});
    const std::vector<motion::DissolveWeights> weights(static_cast<size_t>(batch_), motion::DissolveWeights{0.5, 0.5});
    return [this, from, to, weights, poses = poses()] {
      core::dissolve(model_->render_batch(*from, poses, poses.front(), absolute()),
                     model_->render_batch(*to, poses, poses.front(), absolute()), weights);
    };
  }

  std::function<torch::Tensor()> frame() const { return baseline_ ? baseline_frame() : optimised_frame(); }

 private:
  static MotionOptions absolute() {
    MotionOptions options;
    options.relative = false;
    return options;
  }
  std::vector<motion::Motion> poses() const {
    return std::vector<motion::Motion>(static_cast<size_t>(batch_), model_->extract_motion({driving_}));
  }

  torch::Tensor channels(const torch::Tensor& image) const {
    return config_.num_channels == 1 ? image.mean(1, true) : image;
  }

  std::function<torch::Tensor()> optimised_frame() const {
    const std::shared_ptr<const Source> source = model_->encode_source({source_});
    const Crop driving{driving_.repeat({batch_, 1, 1, 1})};
    return [this, source, driving, reference = model_->extract_motion({driving_})] {
      return model_->render_batch(*source, model_->extract_motions(driving), reference, MotionOptions());
    };
  }

  std::function<torch::Tensor()> baseline_frame() const {
    const auto source = channels(source_);
    const auto driving = channels(driving_);
    auto& detector = *networks_.detector;
    auto& generator = *networks_.generator;
    return [&detector, &generator, source, driving, kp_source = detector.forward(source),
            initial = detector.forward(driving), padding = config_.generator.padding] {
      const Keypoints applied = transfer_motion(kp_source, detector.forward(driving), initial, {});
      const auto out = generator.generate(generator.encode(source), applied, kp_source, core::AlignCorners::Off);
      if (out.motion.deformation.defined()) {
        warp(source, out.motion.deformation, core::AlignCorners::Off, padding);
      }
      return out.prediction;
    };
  }

  Config config_;
  bool baseline_;
  Networks networks_;
  std::unique_ptr<FommModel> model_;  // shares the networks; null for the baseline
  torch::ScalarType generator_type_ = torch::kFloat;
  torch::Tensor source_;
  torch::Tensor driving_;
  int64_t batch_ = 1;
};

}  // namespace

BenchSubject bench_subject(const ModelFiles& files, const BenchOptions& options) {
  Config config = find_config(files);
  if (options.size) {
    config.frame_width = options.size->width;
    config.frame_height = options.size->height;
  }
  config.check_frame_size(config.frame_height, config.frame_width);
  const auto bench = std::make_shared<const Workbench>(files, options, config);
  const c10::InferenceMode guard;
  BenchSubject subject{files.name, config.frame_width, config.frame_height, bench->stages(), {}, bench->batch()};
  // The functions look into the workbench: each keeps it alive.
  for (auto& stage : subject.stages) stage.work = [bench, work = std::move(stage.work)] { work(); };
  subject.frame = [bench, frame = bench->frame()] { return frame(); };
  if (options.morph && !options.baseline) {
    subject.render = [bench, render = bench->render()] { render(); };
    subject.morph = [bench, morph = bench->morph()] { morph(); };
  }
  return subject;
}

}  // namespace animate::models::fomm
