#include "models/liveportrait/liveportrait_bench.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"
#include "catalog/runtime_choices.h"
#include "core/device.h"
#include "core/dissolve.h"
#include "models/liveportrait/liveportrait_model.h"

namespace animate::models::liveportrait {
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

BenchStage facts_of(const char* name, const torch::nn::Module& module, bool per_frame = true) {
  return {name, parameters_of(module), 0, per_frame, bytes_of(module)};
}

// The networks' rows as the files have them, before anything is folded.
std::vector<BenchStage> facts_of(const Networks& networks) {
  std::vector<BenchStage> rows{facts_of("F appearance extractor", *networks.appearance, /*per_frame=*/false),
                               facts_of("M motion extractor", *networks.motion),
                               facts_of("W warping network", *networks.warping),
                               facts_of("G SPADE generator", *networks.spade)};
  if (networks.retargeting) rows.push_back(facts_of("S stitching", *networks.retargeting->stitching));
  return rows;
}

// [K] points -> [1, K, 3]
torch::Tensor row_of(const Points3& points, torch::Device device) {
  auto flat = torch::empty({1, static_cast<int64_t>(points.size()), 3});
  std::copy_n(points.front().data(), flat.numel(), flat.data_ptr<float>());
  return flat.to(device);
}

// One frame's way through the networks, on tensors alone.
std::vector<std::function<void()>> stages_of(const std::shared_ptr<const LivePortraitModel>& model,
                                             const torch::Tensor& source, const torch::Tensor& driving) {
  const Networks& networks = model->networks();
  const Points3 x_s = model->motion_of(source).keypoints();
  const Points3 x_d = model->motion_of(driving).keypoints();
  const auto kp_s = row_of(x_s, model->device());
  const auto kp_d = row_of(x_d, model->device());
  const auto feature = model->appearance_of(source).to(model->type());
  const auto warped = networks.warping->forward(feature, kp_d, kp_s).feature_map.to(model->type());
  std::vector<std::function<void()>> works;
  works.emplace_back([model, source] { model->appearance_of(source); });
  works.emplace_back([model, driving] { model->motion_of(driving); });
  works.emplace_back([model, feature, kp_d, kp_s] { model->networks().warping->forward(feature, kp_d, kp_s); });
  works.emplace_back([model, warped] { model->networks().spade->forward(warped); });
  if (model->retargeter() != nullptr) works.emplace_back([model, x_s, x_d] { model->retargeter()->stitch(x_s, x_d); });
  return works;
}

std::function<torch::Tensor()> frame_of(const std::shared_ptr<const LivePortraitModel>& model,
                                        const torch::Tensor& source, const torch::Tensor& driving, int64_t batch) {
  return [model, views = driving.repeat({batch, 1, 1, 1}), appearance = model->appearance_of(source),
          still = std::vector<Points3>(static_cast<size_t>(batch), model->motion_of(source).keypoints())] {
    std::vector<Points3> moved;
    for (const motion::FaceMotion& motion : model->motions_of(views)) {
      moved.push_back(motion.keypoints());
      if (model->retargeter() != nullptr) moved.back() = model->retargeter()->stitch(still.front(), moved.back());
    }
    return model->paint_batch(appearance, moved, still);
  };
}

}  // namespace

BenchSubject bench_subject(const ModelFiles& files, const BenchOptions& options) {
  constexpr int64_t side = LivePortraitModel::kFrameSize;
  check(!options.size || *options.size == FrameSize{side, side}, ErrorKind::Usage,
        "--size {}: LivePortrait's networks work at {} pixels; leave out --size", options.size->text(), side);
  const auto device = core::choose_device(options.runtime.device);
  const Config config = find_config(files);
  Networks networks(config);
  if (!options.random_weights) networks.load(files);
  const std::vector<BenchStage> rows = facts_of(networks);
  if (!options.baseline) networks.fold();
  if (!options.baseline && device.is_cpu()) networks.use_fast_convolutions(options.runtime.conv);
  core::Precision precision;
  core::cuda::GraphRecorder recorder;
  if (!options.baseline) {
    precision = core::choose_precision(catalog::chosen_precision(options.runtime), device);
    core::apply_precision(precision, device);
    if (device.is_cuda()) recorder = core::cuda::graph_recorder();
  }
  const auto model =
      std::make_shared<const LivePortraitModel>(files.name, config, std::move(networks), catalog::FaceModelFiles{},
                                                device, precision, std::function<Networks()>(), recorder);
  const int64_t batch = options.baseline ? 1 : catalog::batch_size(options.runtime, device.is_cuda());

  const c10::InferenceMode guard;
  torch::manual_seed(kBenchSeed);
  const auto source = torch::rand({1, 3, side, side}).to(device);
  const auto driving = torch::rand({1, 3, side, side}).to(device);
  BenchSubject subject{files.name, side, side, {}, frame_of(model, source, driving, batch), batch};
  const auto works = stages_of(model, source, driving);
  for (size_t i = 0; i < works.size(); ++i) subject.stages.push_back({rows[i], works[i]});
  if (options.morph && !options.baseline) {
    const auto count = static_cast<size_t>(batch);
    const std::vector<Points3> here(count, model->motion_of(source).keypoints());
    const std::vector<Points3> there(count, model->motion_of(driving).keypoints());
    const std::vector<motion::DissolveWeights> weights(count, motion::DissolveWeights{0.5, 0.5});
    subject.render = [model, appearance = model->appearance_of(source), here, there] {
      model->paint_batch(appearance, there, here);
    };
    subject.morph = [model, from = model->appearance_of(source), to = model->appearance_of(driving), here, there,
                     weights] {
      core::dissolve(model->paint_batch(from, there, here), model->paint_batch(to, there, there), weights);
    };
  }
  return subject;
}

}  // namespace animate::models::liveportrait
