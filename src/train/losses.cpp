#include "train/losses.h"

#include <algorithm>

#include "base/error.h"
#include "core/heatmap.h"
#include "core/matrix2.h"

namespace animate::train {
namespace {

torch::Tensor l1(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().mean(); }

// L1 between the differences of neighbours along one axis; 0 where the axis has one pixel only.
torch::Tensor gradient_l1(const torch::Tensor& image, const torch::Tensor& target, int64_t axis) {
  const int64_t last = image.size(axis) - 1;
  if (last == 0) return torch::zeros({}, image.options());
  const auto difference = image - target;
  return l1(difference.slice(axis, 1), difference.slice(axis, 0, last));
}

// Mean structural similarity over windows, with the customary constants for images in [0, 1].
torch::Tensor mean_similarity(const torch::Tensor& a, const torch::Tensor& b) {
  constexpr double c1 = 0.01 * 0.01;
  constexpr double c2 = 0.03 * 0.03;
  const std::array<int64_t, 2> window{std::min<int64_t>(8, a.size(2)), std::min<int64_t>(8, a.size(3))};
  const std::array<int64_t, 2> step{4, 4};
  const auto mean = [&](const torch::Tensor& x) { return torch::avg_pool2d(x, window, step); };
  const auto mean_a = mean(a);
  const auto mean_b = mean(b);
  const auto variance_a = mean(a * a) - mean_a * mean_a;
  const auto variance_b = mean(b * b) - mean_b * mean_b;
  const auto covariance = mean(a * b) - mean_a * mean_b;
  const auto luminance = (2 * mean_a * mean_b + c1) / (mean_a * mean_a + mean_b * mean_b + c1);
  const auto structure = (2 * covariance + c2) / (variance_a + variance_b + c2);
  return (luminance * structure).mean();
}

// An empty sum that takes part in sums on any device.
torch::Tensor zero_like(const torch::Tensor& tensor) { return torch::zeros({}, tensor.options()); }

void require_equal(size_t a, size_t b, const char* what) {
  check(a == b && a > 0, ErrorKind::Internal, "{}: {} and {} tensors are compared", what, a, b);
}

}  // namespace

torch::Tensor perceptual_loss(const std::vector<torch::Tensor>& features, const std::vector<torch::Tensor>& target,
                              std::span<const double> weights) {
  require_equal(features.size(), target.size(), "perceptual loss");
  require_equal(features.size(), weights.size(), "perceptual loss");
  auto sum = zero_like(features[0]);
  for (size_t i = 0; i < features.size(); ++i) sum = sum + weights[i] * l1(features[i], target[i].detach());
  return sum;
}

torch::Tensor structural_loss(const torch::Tensor& image, const torch::Tensor& target,
                              std::span<const double, 3> weights) {
  const auto fixed = target.detach();
  auto sum = zero_like(image);
  if (weights[0] != 0) sum = sum + weights[0] * l1(image, fixed);
  if (weights[1] != 0) sum = sum + weights[1] * (gradient_l1(image, fixed, 2) + gradient_l1(image, fixed, 3));
  if (weights[2] != 0) sum = sum + weights[2] * (1 - mean_similarity(image, fixed));
  return sum;
}

torch::Tensor equivariance_value_loss(const models::fomm::Keypoints& driving,
                                      const models::fomm::Keypoints& transformed, const TpsTransform& transform) {
  return l1(driving.value, transform.coordinates(transformed.value));
}

torch::Tensor equivariance_jacobian_loss(const models::fomm::Keypoints& driving,
                                         const models::fomm::Keypoints& transformed, const TpsTransform& transform) {
  const auto carried = torch::matmul(transform.jacobian(transformed.value), transformed.jacobian);
  const auto product = torch::matmul(core::inverse_2x2(driving.jacobian), carried);
  return l1(torch::eye(2, product.options()), product);
}

torch::Tensor generator_gan_loss(const std::vector<Judgement>& fake) {
  require_equal(fake.size(), fake.size(), "adversarial loss");
  auto sum = zero_like(fake[0].prediction);
  for (const Judgement& level : fake) sum = sum + (1 - level.prediction).square().mean();
  return sum;
}

torch::Tensor discriminator_gan_loss(const std::vector<Judgement>& real, const std::vector<Judgement>& fake) {
  require_equal(real.size(), fake.size(), "adversarial loss");
  auto sum = zero_like(fake[0].prediction);
  for (size_t i = 0; i < real.size(); ++i) {
    sum = sum + ((1 - real[i].prediction).square() + fake[i].prediction.square()).mean();
  }
  return sum;
}

torch::Tensor feature_matching_loss(const std::vector<Judgement>& real, const std::vector<Judgement>& fake,
                                    std::span<const double> weights) {
  require_equal(real.size(), fake.size(), "feature matching");
  auto sum = zero_like(fake[0].prediction);
  for (size_t level = 0; level < real.size(); ++level) {
    require_equal(real[level].features.size(), weights.size(), "feature matching");
    for (size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] != 0) sum = sum + weights[i] * l1(real[level].features[i], fake[level].features[i]);
    }
  }
  return sum;
}

torch::Tensor keypoint_focus_loss(const torch::Tensor& image, const torch::Tensor& target,
                                  const torch::Tensor& points) {
  constexpr double variance = 0.01;  // that of the heatmaps
  const auto bumps = core::keypoints_to_gaussian(points.detach(), image.size(2), image.size(3), variance);
  const auto near = bumps.amax(1, true);
  return ((image - target.detach()).abs() * near).sum() / (near.sum() * image.size(1) + 1e-6);
}

torch::Tensor keypoint_value_loss(const models::fomm::Keypoints& found, const models::fomm::Keypoints& truth) {
  check(found.value.sizes() == truth.value.sizes(), ErrorKind::Internal,
        "keypoints of another number than the ground truth's are compared");
  return l1(found.value, truth.value);
}

torch::Tensor keypoint_jacobian_loss(const models::fomm::Keypoints& found, const models::fomm::Keypoints& truth) {
  check(found.jacobian.defined() && truth.jacobian.defined() && found.jacobian.sizes() == truth.jacobian.sizes(),
        ErrorKind::Internal, "local frames of another number than the ground truth's are compared");
  return l1(found.jacobian, truth.jacobian);
}

}  // namespace animate::train
