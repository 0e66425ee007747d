#include <algorithm>
#include <optional>

#include "heads/head_geometry.h"
#include "train/batches_ahead.h"
#include "train/head_task_base.h"
#include "train/picture_sheet.h"
#include "train/point_losses.h"

namespace animate::train {
namespace {

struct DetectorBatch {
  torch::Tensor pictures;
  PointTruth truth;
};

// The keypoint detector alone. No picture is painted, so a step takes a tenth of one that trains the whole model.
class DetectorTask : public HeadTaskBase {
 public:
  DetectorTask(const TrainJob& job, const models::fomm::Config& model, const TrainConfig& config)
      : HeadTaskBase(job, model, config), ahead_([this](int64_t step) { return make(step); }) {}

  int64_t fetch(int64_t step) override {
    batch_ = ahead_.at(step);
    return 0;
  }

  StepLosses step(const TrainingStep& now) override {
    networks_.train(false);
    networks_.detector->train();
    set_rates(now);
    const auto out = networks_.detector->detect(batch_.pictures);
    found_ = out.keypoints;
    const LossWeights& weights = config_.loss_weights;
    const auto& truth = batch_.truth.keypoints;
    const auto points = point_weights(batch_.truth.visible);
    Losses losses;
    losses.add("keypoint_value", weights.keypoint_supervision * weighted_point_loss(found_, truth, points));
    if (weights.keypoint_supervision_jacobian != 0) {
      losses.add("keypoint_jacobian",
                 weights.keypoint_supervision_jacobian * weighted_frame_loss(found_, truth, points));
    }
    if (weights.keypoint_heatmap != 0) {
      losses.add("keypoint_heatmap",
                 weights.keypoint_heatmap * heatmap_loss(out.logits, truth.value, points, model_config_.grid));
    }
    if (weights.keypoint_distance != 0) {
      losses.add("keypoint_distance", weights.keypoint_distance * opening_loss(found_.value, truth.value));
    }
    descend(losses);
    return {losses, {}};
  }

  // Found keypoints on the first picture, true ones on the second.
  void write_sheet(const std::filesystem::path& path) const override {
    core::VisualizerInput columns;
    columns.source = columns.driving = columns.prediction = batch_.pictures;
    columns.source_keypoints = found_.value;
    columns.driving_keypoints = batch_.truth.keypoints.value;
    train::write_sheet(path, columns);
  }

  std::vector<Figure> validate() override {
    const torch::NoGradGuard no_grad;
    if (!held_out_) held_out_ = draw_held_out();
    networks_.train(false);
    std::vector<torch::Tensor> values, frames;
    for (const auto& pictures : held_out_->pictures.split(16)) {
      const auto found = networks_.detector->forward(pictures);
      values.push_back(found.value);
      frames.push_back(found.jacobian);
    }
    return figures(torch::cat(values), torch::cat(frames), held_out_->truth.keypoints);
  }

 private:
  DetectorBatch make(int64_t step) const {
    const auto drawn = draws_.draw(step, 1).front();
    return {render(drawn), truth(drawn)};
  }

  DetectorBatch draw_held_out() const {
    std::vector<heads::Head> drawn;
    for (int64_t i = 0; i < config_.validate_heads; ++i) drawn.push_back(held_out_head(i, 0));
    return {render(drawn), truth(drawn)};
  }

  static std::vector<Figure> figures(const torch::Tensor& values, const torch::Tensor& frames,
                                     const models::fomm::Keypoints& truth) {
    const auto errors = (values - truth.value).abs().mean(2).mean(0).to(torch::kCPU, torch::kDouble);
    const auto error_of = [&errors](const std::vector<int64_t>& points) {
      double sum = 0;
      for (const int64_t point : points) sum += errors[point].item<double>();
      return sum / static_cast<double>(points.size());
    };
    const int64_t count = values.size(1);
    std::vector<Figure> list{{"points", errors.mean().item<double>(), 0.018}};
    if (count >= heads::kBasicKeypoints) {
      list.push_back({"eyes", error_of({heads::kLeftEye, heads::kRightEye}), 0.008});
      list.push_back({"nose", error_of({heads::kNoseTip}), 0.008});
      list.push_back({"mouth", error_of({heads::kLeftMouth, heads::kRightMouth, heads::kLowerLip}), 0.008});
    }
    const auto opening = openings(count);
    if (!opening.empty()) {
      std::vector<int64_t> lids;
      for (const Opening& pair : opening.first(2)) lids.insert(lids.end(), {pair.upper, pair.lower});
      list.push_back({"lids", error_of(lids), 0.008});
    }
    const auto found = opening_distances(values);
    const auto wanted = opening_distances(truth.value);
    for (size_t i = 0; i < opening.size(); ++i) {
      const auto column = static_cast<int64_t>(i);
      list.push_back({std::string(opening[i].name) + "_correlation",
                      correlation(found.select(1, column), wanted.select(1, column)), 0.98, false});
    }
    list.push_back({"frames", (frames - truth.jacobian).abs().mean().item<double>(), 0.05});
    for (int64_t point = 0; point < count; ++point) {
      list.push_back({std::string("point_") + name_of_point(point), errors[point].item<double>(), 0.03});
    }
    return list;
  }

  DetectorBatch batch_;
  models::fomm::Keypoints found_;
  std::optional<DetectorBatch> held_out_;
  BatchesAhead<DetectorBatch> ahead_;  // last: its thread uses what stands above
};

}  // namespace

std::unique_ptr<TrainingTask> make_detector_task(const TrainJob& job, const models::fomm::Config& model,
                                                 const TrainConfig& config) {
  return std::make_unique<DetectorTask>(job, model, config);
}

}  // namespace animate::train
