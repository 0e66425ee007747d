#include <algorithm>
#include <optional>

#include "base/error.h"
#include "heads/head_geometry.h"
#include "heads/warp_truth.h"
#include "train/batches_ahead.h"
#include "train/head_task_base.h"
#include "train/image_pyramid.h"
#include "train/losses.h"
#include "train/motion_losses.h"
#include "train/picture_sheet.h"
#include "train/point_losses.h"

namespace animate::train {
namespace {

// The points around which a head speaks and looks.
const std::vector<int64_t>& speaking_points() {
  static const std::vector<int64_t> points{
      heads::kLeftEye,      heads::kRightEye,     heads::kLeftMouth,     heads::kRightMouth,    heads::kLowerLip,
      heads::kLeftUpperLid, heads::kLeftLowerLid, heads::kRightUpperLid, heads::kRightLowerLid, heads::kUpperLip};
  return points;
}

// Those of them that a model has: [B, K, 2] -> [B, k, 2]
torch::Tensor speaking(const torch::Tensor& points) {
  std::vector<int64_t> kept;
  for (const int64_t point : speaking_points()) {
    if (point < points.size(1)) kept.push_back(point);
  }
  return points.index_select(1, torch::tensor(kept, torch::TensorOptions(points.device()).dtype(torch::kLong)));
}

// As the model is used: the source moves by what the driver changed since `initial`. A head that drives itself has its
// source as `initial`, and what relative transfer makes of that are the driver's own keypoints.
struct PainterBatch {
  torch::Tensor source, driving, target;  // pictures; target is `driving` where every head drives itself
  torch::Tensor initial;                  // of the rows `others` only; undefined without any
  std::vector<int64_t> others;            // rows in which another head drives
  models::fomm::Keypoints source_truth, driving_truth, target_truth, initial_truth;
  heads::WarpTruth warp;  // source -> target; empty where no loss asks for it
};

models::fomm::Keypoints rows_of(const models::fomm::Keypoints& all, int64_t begin, int64_t count) {
  return {all.value.narrow(0, begin, count), all.jacobian.narrow(0, begin, count)};
}

// `all` with some of its rows replaced.
torch::Tensor with_rows(const torch::Tensor& all, const std::vector<int64_t>& rows, const torch::Tensor& values) {
  if (rows.empty()) return all;
  return all.index_copy(0, torch::tensor(rows, torch::TensorOptions(all.device()).dtype(torch::kLong)), values);
}

// Phases generator and together: what is painted is compared with the picture that was meant.
class PainterTask : public HeadTaskBase {
 public:
  PainterTask(const TrainJob& job, const models::fomm::Config& model, const TrainConfig& config)
      : HeadTaskBase(job, model, config),
        together_(config.phase == Phase::Together),
        pyramid_(model.num_channels, config.scales),
        ahead_([this](int64_t step) { return make(step); }) {
    pyramid_.to(device_);
    if (together_) return;
    for (auto& parameter : networks_.generator->dense_motion_network->parameters()) parameter.set_requires_grad(false);
  }

  int64_t fetch(int64_t step) override {
    batch_ = ahead_.at(step);
    return 0;
  }

  StepLosses step(const TrainingStep& now) override {
    networks_.train(together_);
    networks_.generator->train();
    if (!together_) networks_.generator->dense_motion_network->train(false);
    set_rates(now);
    painted_ = paint(batch_);
    Losses losses;
    add_painting(losses);
    if (together_) add_supervision(losses);
    descend(losses);
    return {losses, {}};
  }

  void write_sheet(const std::filesystem::path& path) const override {
    core::VisualizerInput columns;
    columns.source = batch_.source;
    columns.source_keypoints = painted_.source.value;
    columns.driving = batch_.target;
    columns.driving_keypoints = painted_.applied.value;
    columns.prediction = painted_.generated.prediction;
    columns.occlusion_map = painted_.generated.motion.occlusion_map;
    train::write_sheet(path, columns);
  }

  std::vector<Figure> validate() override {
    const torch::NoGradGuard no_grad;
    networks_.train(false);
    auto figures = measure(false, "");
    if (together_) {
      for (auto& figure : measure(true, "transfer_")) figures.push_back(std::move(figure));
    }
    return figures;
  }

 private:
  struct Painted {
    models::fomm::Keypoints source, driving, initial, applied;
    models::fomm::OcclusionAwareGeneratorImpl::Output generated;
  };

  Painted paint(const PainterBatch& batch) {
    Painted painted;
    detect(batch, painted);
    auto& generator = *networks_.generator;
    painted.generated =
        generator.generate(generator.encode(batch.source), painted.applied, painted.source, core::AlignCorners::Off);
    return painted;
  }

  // Keypoints of all pictures at once.
  void detect(const PainterBatch& batch, Painted& painted) {
    torch::AutoGradMode learns(together_ && torch::GradMode::is_enabled());
    std::vector<torch::Tensor> pictures{batch.source, batch.driving};
    if (!batch.others.empty()) pictures.push_back(batch.initial);
    const auto found = networks_.detector->forward(torch::cat(pictures));
    const int64_t count = batch.source.size(0);
    painted.source = rows_of(found, 0, count);
    painted.driving = rows_of(found, count, count);
    painted.applied = painted.driving;
    if (batch.others.empty()) return;
    const auto others = static_cast<int64_t>(batch.others.size());
    painted.initial = rows_of(found, 2 * count, others);
    const models::fomm::Keypoints initial{with_rows(painted.source.value, batch.others, painted.initial.value),
                                          with_rows(painted.source.jacobian, batch.others, painted.initial.jacobian)};
    painted.applied = models::fomm::transfer_motion(painted.source, painted.driving, initial, {});
  }

  void add_painting(Losses& losses) {
    const LossWeights& weights = config_.loss_weights;
    const auto& prediction = painted_.generated.prediction;
    const Pyramid fake = pyramid_(prediction);
    const Pyramid real = pyramid_(batch_.target);
    torch::Tensor sum;
    for (const auto& [name, level] : fake) {
      const auto loss = structural_loss(level, real.at(name), *weights.structural);
      sum = sum.defined() ? sum + loss : loss;
    }
    losses.add("structural", sum);
    if (weights.keypoint_focus != 0) {
      losses.add("keypoint_focus", weights.keypoint_focus * keypoint_focus_loss(prediction, batch_.target,
                                                                                speaking(batch_.target_truth.value)));
    }
  }

  void add_supervision(Losses& losses) {
    const LossWeights& weights = config_.loss_weights;
    std::vector<std::pair<const models::fomm::Keypoints*, const models::fomm::Keypoints*>> pairs{
        {&painted_.source, &batch_.source_truth}, {&painted_.driving, &batch_.driving_truth}};
    if (!batch_.others.empty()) pairs.emplace_back(&painted_.initial, &batch_.initial_truth);
    torch::Tensor values, frames, distances;
    const auto add = [](torch::Tensor& sum, const torch::Tensor& loss) { sum = sum.defined() ? sum + loss : loss; };
    for (const auto& [found, truth] : pairs) {
      const auto points = point_weights(torch::ones_like(truth->value.select(2, 0)));
      add(values, weighted_point_loss(*found, *truth, points));
      add(frames, weighted_frame_loss(*found, *truth, points));
      add(distances, opening_loss(found->value, truth->value));
    }
    const auto count = static_cast<double>(pairs.size());
    if (weights.keypoint_supervision != 0) losses.add("keypoint_value", weights.keypoint_supervision / count * values);
    if (weights.keypoint_supervision_jacobian != 0) {
      losses.add("keypoint_jacobian", weights.keypoint_supervision_jacobian / count * frames);
    }
    if (weights.keypoint_distance != 0) losses.add("keypoint_distance", weights.keypoint_distance / count * distances);
    if (batch_.warp.grid.defined()) add_motion_losses(losses, weights, painted_.generated.motion, batch_.warp);
  }

  // ---- data ----

  int64_t field_size() const {
    return static_cast<int64_t>(
        std::ceil(static_cast<double>(model_config_.frame_height) * model_config_.generator.dense_motion.scale_factor));
  }

  PainterBatch make(int64_t step) const {
    const auto own = draws_.draw(step, 2);
    if (config_.transfer_share == 0) return gather(own[0], own[1], std::vector<std::optional<Drive>>(own[0].size()));
    return gather(own[0], own[1], draws_.draw_drives(step, own[0]));
  }

  PainterBatch gather(const std::vector<heads::Head>& source, std::vector<heads::Head> driving,
                      const std::vector<std::optional<Drive>>& drives) const {
    PainterBatch batch;
    std::vector<heads::Head> initial, changed;
    std::vector<heads::Head> target = driving;
    for (size_t row = 0; row < drives.size(); ++row) {
      if (!drives[row]) continue;
      batch.others.push_back(static_cast<int64_t>(row));
      initial.push_back(drives[row]->initial);
      driving[row] = drives[row]->driving;
      target[row] = drives[row]->target;
      changed.push_back(drives[row]->target);
    }
    batch.source = render(source);
    batch.driving = render(driving);
    batch.target = batch.driving;
    batch.source_truth = truth(source).keypoints;
    batch.driving_truth = truth(driving).keypoints;
    batch.target_truth = truth(target).keypoints;
    if (!batch.others.empty()) {
      batch.initial = render(initial);
      batch.initial_truth = truth(initial).keypoints;
      batch.target = with_rows(batch.driving, batch.others, render(changed));
    }
    if (config_.loss_weights.flow + config_.loss_weights.occlusion != 0) {
      batch.warp = heads::warp_truth(source, target, field_size(), device_);
    }
    return batch;
  }

  // ---- figures ----

  std::vector<Figure> measure(bool transfer, const std::string& prefix) {
    constexpr int64_t chunk = 4;
    double whole = 0, near = 0, count = 0;
    std::vector<torch::Tensor> painted_openings, true_openings;
    for (int64_t begin = 0; begin < config_.validate_heads; begin += chunk) {
      const auto batch = held_out(begin, std::min(begin + chunk, config_.validate_heads), transfer);
      if (!batch) continue;
      const auto painted = paint(*batch).generated.prediction;
      const auto rows = static_cast<double>(painted.size(0));
      whole += rows * (painted - batch->target).abs().mean().item<double>();
      near += rows * keypoint_focus_loss(painted, batch->target, speaking(batch->target_truth.value)).item<double>();
      count += rows;
      painted_openings.push_back(opening_distances(networks_.detector->forward(painted).value));
      true_openings.push_back(opening_distances(batch->target_truth.value));
    }
    if (count == 0) return {};
    std::vector<Figure> list{{prefix + "l1", whole / count, transfer ? 0.03 : 0.035},
                             {prefix + "speaking_l1", near / count, 0.06}};
    const auto found = torch::cat(painted_openings);
    const auto wanted = torch::cat(true_openings);
    const auto names = openings(model_config_.num_kp);
    for (size_t i = 0; i < names.size(); ++i) {
      const auto column = static_cast<int64_t>(i);
      list.push_back({prefix + names[i].name + "_correlation",
                      correlation(found.select(1, column), wanted.select(1, column)), 0.9, false});
    }
    return list;
  }

  // Pairs of the held-out heads [begin, end); with `transfer` each is driven by the next one, and those that cannot
  // follow are left out.
  std::optional<PainterBatch> held_out(int64_t begin, int64_t end, bool transfer) const {
    std::vector<heads::Head> source, driving;
    std::vector<std::optional<Drive>> drives;
    for (int64_t i = begin; i < end; ++i) {
      std::optional<Drive> other;
      if (transfer) {
        constexpr float apart = 0.3F;
        other = drive(held_out_head(i, 0), held_out_head(i + 1, 0), held_out_head(i + 1, 1), apart);
        if (!other) continue;
      }
      source.push_back(held_out_head(i, 0));
      driving.push_back(held_out_head(i, 1));
      drives.push_back(other);
    }
    if (source.empty()) return std::nullopt;
    return gather(source, driving, drives);
  }

  bool together_;
  ImagePyramid pyramid_;
  PainterBatch batch_;
  Painted painted_;
  BatchesAhead<PainterBatch> ahead_;  // last: its thread uses what stands above
};

}  // namespace

std::unique_ptr<TrainingTask> make_painter_task(const TrainJob& job, const models::fomm::Config& model,
                                                const TrainConfig& config) {
  return std::make_unique<PainterTask>(job, model, config);
}

}  // namespace animate::train
