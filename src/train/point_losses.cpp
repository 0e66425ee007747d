#include "train/point_losses.h"

#include <torch/types.h>

#include <vector>

#include "base/error.h"
#include "core/heatmap.h"
#include "heads/head_geometry.h"

namespace animate::train {
namespace {

constexpr std::array<const char*, heads::kKeypoints> kNames{
    "left_eye",        "right_eye",       "nose_tip", "left_mouth", "right_mouth", "lower_lip",      "chin",
    "left_side",       "right_side",      "top",      "left_brow",  "right_brow",  "left_upper_lid", "left_lower_lid",
    "right_upper_lid", "right_lower_lid", "upper_lip"};

constexpr std::array<Opening, 3> kOpenings{{{"left_lids", heads::kLeftUpperLid, heads::kLeftLowerLid},
                                            {"right_lids", heads::kRightUpperLid, heads::kRightLowerLid},
                                            {"lips", heads::kUpperLip, heads::kLowerLip}}};

float importance(int64_t point) {
  switch (point) {
    case heads::kChin:
    case heads::kLeftSide:
    case heads::kRightSide:
    case heads::kTop: return 1;
    case heads::kLeftBrow:
    case heads::kRightBrow: return 1.5;
    default: return 3;
  }
}

}  // namespace

const char* name_of_point(int64_t point) {
  check(point >= 0 && point < static_cast<int64_t>(kNames.size()), ErrorKind::Internal, "no point {}", point);
  return kNames[static_cast<size_t>(point)];
}

std::span<const Opening> openings(int64_t num_kp) {
  return num_kp > heads::kUpperLip ? std::span<const Opening>(kOpenings) : std::span<const Opening>();
}

torch::Tensor opening_distances(const torch::Tensor& points) {
  std::vector<torch::Tensor> distances;
  for (const Opening& opening : openings(points.size(1))) {
    const auto gap = points.select(1, opening.upper) - points.select(1, opening.lower);
    // The root has no slope at 0: shut lids would have a gradient that is no number.
    distances.push_back((gap.square().sum(1) + 1e-8).sqrt());
  }
  return distances.empty() ? torch::zeros({points.size(0), 0}, points.options()) : torch::stack(distances, 1);
}

torch::Tensor point_weights(const torch::Tensor& visible) {
  std::vector<float> each;
  for (int64_t point = 0; point < visible.size(1); ++point) each.push_back(importance(point));
  const auto weights = torch::tensor(each, visible.options()) * (0.25 + 0.75 * visible);
  return weights / weights.sum(1, true);
}

torch::Tensor weighted_point_loss(const models::fomm::Keypoints& found, const models::fomm::Keypoints& truth,
                                  const torch::Tensor& weights) {
  const auto difference = torch::smooth_l1_loss(found.value, truth.value, at::Reduction::None, 0.01).mean(2);
  return (difference * weights).sum(1).mean();
}

torch::Tensor weighted_frame_loss(const models::fomm::Keypoints& found, const models::fomm::Keypoints& truth,
                                  const torch::Tensor& weights) {
  return ((found.jacobian - truth.jacobian).abs().mean({2, 3}) * weights).sum(1).mean();
}

torch::Tensor heatmap_loss(const torch::Tensor& logits, const torch::Tensor& points, const torch::Tensor& weights,
                           core::GridEnds ends) {
  const double pixel = 2 / static_cast<double>(logits.size(3));
  const double variance = 4 * pixel * pixel;
  auto target = core::keypoints_to_gaussian(points, logits.size(2), logits.size(3), variance, ends).flatten(2);
  // Nothing of a bump far outside; half of one on the border is made whole.
  target = target / target.sum(2, true).clamp_min(1);
  const auto cross_entropy = -(target * torch::log_softmax(logits.flatten(2), 2)).sum(2);
  return (cross_entropy * weights).sum(1).mean();
}

torch::Tensor opening_loss(const torch::Tensor& found, const torch::Tensor& truth) {
  const auto apart = (opening_distances(found) - opening_distances(truth)).abs();
  return apart.numel() == 0 ? torch::zeros({}, found.options()) : apart.mean();
}

double correlation(const torch::Tensor& a, const torch::Tensor& b) {
  const auto x = a.flatten().to(torch::kDouble) - a.to(torch::kDouble).mean();
  const auto y = b.flatten().to(torch::kDouble) - b.to(torch::kDouble).mean();
  const double scale = (x.square().sum() * y.square().sum()).sqrt().item<double>();
  return scale > 0 ? (x * y).sum().item<double>() / scale : 0.0;
}

}  // namespace animate::train
