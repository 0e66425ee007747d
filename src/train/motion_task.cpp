#include <optional>

#include "heads/counter_random.h"
#include "heads/warp_truth.h"
#include "train/batches_ahead.h"
#include "train/head_task_base.h"
#include "train/motion_losses.h"
#include "train/picture_sheet.h"

namespace animate::train {
namespace {

struct MotionBatch {
  torch::Tensor source;   // pictures
  torch::Tensor driving;  // undefined where the keypoints are the true ones: nobody looks at it
  models::fomm::Keypoints source_truth, driving_truth;
  heads::WarpTruth warp;  // at the size of the motion field
};

// The dense motion network alone. It sees the source, small, and keypoints; what it should say, the renderer knows.
class MotionTask : public HeadTaskBase {
 public:
  MotionTask(const TrainJob& job, const models::fomm::Config& model, const TrainConfig& config)
      : HeadTaskBase(job, model, config), ahead_([this](int64_t step) { return make(step); }) {}

  int64_t fetch(int64_t step) override {
    batch_ = ahead_.at(step);
    return 0;
  }

  StepLosses step(const TrainingStep& now) override {
    networks_.train(false);
    auto& dense = *networks_.generator->dense_motion_network;
    dense.train();
    set_rates(now);
    const bool detected = batch_.driving.defined();
    const auto source = detected ? detect(batch_.source) : batch_.source_truth;
    const auto driving = detected ? detect(batch_.driving) : batch_.driving_truth;
    motion_ = dense.forward(dense.shrink(batch_.source), driving, source, core::AlignCorners::Off);
    Losses losses;
    add_motion_losses(losses, config_.loss_weights, motion_, batch_.warp);
    descend(losses);
    return {losses, {}};
  }

  // The source, as it should be warped and as it is, each with what the source cannot show.
  void write_sheet(const std::filesystem::path& path) const override {
    const torch::NoGradGuard no_grad;
    core::VisualizerInput columns;
    columns.source = batch_.source;
    columns.source_keypoints = batch_.source_truth.value;
    const auto seen = torch::upsample_nearest2d(batch_.warp.visible.unsqueeze(1), batch_.source.sizes().slice(2));
    columns.driving =
        models::fomm::warp(batch_.source, batch_.warp.grid, core::AlignCorners::Off, core::Padding::Border) * seen;
    columns.driving_keypoints = batch_.driving_truth.value;
    columns.prediction =
        models::fomm::warp(batch_.source, motion_.deformation, core::AlignCorners::Off, core::Padding::Border);
    columns.occlusion_map = motion_.occlusion_map;
    train::write_sheet(path, columns);
  }

  std::vector<Figure> validate() override {
    const torch::NoGradGuard no_grad;
    networks_.train(false);
    if (!held_out_) held_out_ = draw_held_out();
    auto& dense = *networks_.generator->dense_motion_network;
    MotionFigures by_truth, by_detector;
    for (const HeldOut& chunk : *held_out_) {
      by_truth.add(dense.forward(chunk.small, chunk.driving_truth, chunk.source_truth, core::AlignCorners::Off),
                   chunk.warp);
      by_detector.add(dense.forward(chunk.small, chunk.driving, chunk.source, core::AlignCorners::Off), chunk.warp);
    }
    auto figures = by_truth.list("");
    for (auto& figure : by_detector.list("detected_")) figures.push_back(std::move(figure));
    return figures;
  }

 private:
  // What the frozen detector makes of held-out pictures is the same at every measurement.
  struct HeldOut {
    torch::Tensor small;
    models::fomm::Keypoints source_truth, driving_truth, source, driving;
    heads::WarpTruth warp;
  };

  models::fomm::Keypoints detect(const torch::Tensor& pictures) {
    const torch::NoGradGuard no_grad;
    return networks_.detector->forward(pictures);
  }

  int64_t field_size() const {
    return static_cast<int64_t>(
        std::ceil(static_cast<double>(model_config_.frame_height) * model_config_.generator.dense_motion.scale_factor));
  }

  MotionBatch make(int64_t step) const {
    const auto pair = draws_.draw(step, 2);
    heads::CounterRandom choice(static_cast<uint64_t>(options_.seed), ~static_cast<uint64_t>(step));
    const bool detected = choice.chance(static_cast<float>(config_.detected_share));
    return {render(pair[0]), detected ? render(pair[1]) : torch::Tensor(), truth(pair[0]).keypoints,
            truth(pair[1]).keypoints, heads::warp_truth(pair[0], pair[1], field_size(), device_)};
  }

  std::vector<HeldOut> draw_held_out() {
    constexpr int64_t chunk = 8;
    std::vector<HeldOut> chunks;
    for (int64_t begin = 0; begin < config_.validate_heads; begin += chunk) {
      std::vector<heads::Head> source, driving;
      for (int64_t i = begin; i < std::min(begin + chunk, config_.validate_heads); ++i) {
        source.push_back(held_out_head(i, 0));
        driving.push_back(held_out_head(i, 1));
      }
      const auto pictures = render(source);
      chunks.push_back({networks_.generator->dense_motion_network->shrink(pictures), truth(source).keypoints,
                        truth(driving).keypoints, detect(pictures), detect(render(driving)),
                        heads::warp_truth(source, driving, field_size(), device_)});
    }
    return chunks;
  }

  MotionBatch batch_;
  models::fomm::DenseMotion motion_;
  std::optional<std::vector<HeldOut>> held_out_;
  BatchesAhead<MotionBatch> ahead_;  // last: its thread uses what stands above
};

}  // namespace

std::unique_ptr<TrainingTask> make_motion_task(const TrainJob& job, const models::fomm::Config& model,
                                               const TrainConfig& config) {
  return std::make_unique<MotionTask>(job, model, config);
}

}  // namespace animate::train
