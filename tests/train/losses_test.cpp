#include "train/losses.h"

#include <torch/utils.h>

#include "base/error.h"
#include "support/catch.h"

using namespace animate::models;
using namespace animate::train;
using namespace animate;

namespace {

double number(const torch::Tensor& tensor) { return tensor.item<double>(); }

}  // namespace

TEST_CASE("the structural pyramid is zero for equal pictures and grows with noise, blur and shift") {
  torch::manual_seed(1);
  const auto target = torch::avg_pool2d(torch::rand({2, 3, 64, 64}), 5, 1, 2);
  const std::array<double, 3> weights{30, 20, 10};
  CHECK(number(train::structural_loss(target, target, weights)) == Approx(0).margin(1e-5));
  const auto noise = torch::randn(target.sizes());
  const auto little = number(train::structural_loss(target + 0.02 * noise, target, weights));
  const auto much = number(train::structural_loss(target + 0.2 * noise, target, weights));
  CHECK(little > 0.1);
  CHECK(much > 3 * little);
  CHECK(number(train::structural_loss(torch::roll(target, 3, 3), target, weights)) > little);
}

TEST_CASE("each structural term measures what it is named for") {
  torch::manual_seed(2);
  const auto target = torch::rand({1, 3, 32, 32}) * 0.5;
  // Brighter everywhere: L1 sees it, differences between neighbours do not.
  const auto brighter = target + 0.25;
  CHECK(number(train::structural_loss(brighter, target, std::array<double, 3>{1, 0, 0})) == Approx(0.25));
  CHECK(number(train::structural_loss(brighter, target, std::array<double, 3>{0, 1, 0})) == Approx(0).margin(1e-6));
  // The negative has the opposite structure: similarity below 0.
  CHECK(number(train::structural_loss(0.5 - target, target, std::array<double, 3>{0, 0, 1})) > 1);
  // Levels smaller than a window are one window.
  const auto small = torch::rand({1, 3, 5, 1});
  CHECK(number(train::structural_loss(small, small, std::array<double, 3>{1, 1, 1})) == Approx(0).margin(1e-5));
}

TEST_CASE("gradients reach what is learned and not what is fixed") {
  const auto image = torch::rand({1, 3, 16, 16}).requires_grad_();
  const auto target = torch::rand({1, 3, 16, 16}).requires_grad_();
  train::structural_loss(image, target, std::array<double, 3>{1, 1, 1}).backward();
  CHECK(number(image.grad().abs().sum()) > 0);
  CHECK(torch::isfinite(image.grad()).all().item<bool>());
  CHECK_FALSE(target.grad().defined());

  const auto real = torch::rand({1, 2, 4, 4}).requires_grad_();
  const auto fake = torch::rand({1, 2, 4, 4}).requires_grad_();
  const std::vector<double> weights{3};
  train::feature_matching_loss({{{real}, real}}, {{{fake}, fake}}, weights).backward();
  CHECK(real.grad().defined());
  CHECK(torch::equal(real.grad(), -fake.grad()));
}

TEST_CASE("adversarial losses are zero for what each side wants") {
  const std::vector<train::Judgement> one{{{}, torch::ones({2, 1, 3, 3})}};
  const std::vector<train::Judgement> zero{{{}, torch::zeros({2, 1, 3, 3})}};
  CHECK(number(train::generator_gan_loss(one)) == 0);
  CHECK(number(train::generator_gan_loss(zero)) == 1);
  CHECK(number(train::discriminator_gan_loss(one, zero)) == 0);
  CHECK(number(train::discriminator_gan_loss(zero, one)) == 2);
}

TEST_CASE("equivariance is zero where keypoints follow the transform exactly") {
  torch::manual_seed(4);
  auto random = torch::make_generator<torch::CPUGeneratorImpl>(5);
  const auto transform = train::TpsTransform::draw(2, {0.05, 0.005, 5}, random);
  const auto jacobian = torch::eye(2).expand({2, 4, 2, 2}) + 0.1 * torch::randn({2, 4, 2, 2});
  const fomm::Keypoints transformed{torch::rand({2, 4, 2}) - 0.5, jacobian};
  const fomm::Keypoints driving{transform.coordinates(transformed.value),
                                torch::matmul(transform.jacobian(transformed.value), jacobian)};
  CHECK(number(train::equivariance_value_loss(driving, transformed, transform)) == 0);
  CHECK(number(train::equivariance_jacobian_loss(driving, transformed, transform)) < 1e-6);
  CHECK(number(train::equivariance_value_loss(transformed, transformed, transform)) > 1e-3);
}

TEST_CASE("equal seeds draw equal transforms, and the state of the generator can be put back") {
  auto random = torch::make_generator<torch::CPUGeneratorImpl>(5);
  const auto points = torch::rand({2, 6, 2});
  const auto draw = [&] { return train::TpsTransform::draw(2, {0.05, 0.005, 5}, random).coordinates(points); };
  const auto first = draw();
  const auto state = random.get_state();
  const auto second = draw();
  CHECK_FALSE(torch::equal(first, second));
  random.set_state(state);
  CHECK(torch::equal(draw(), second));
  random.set_current_seed(5);
  CHECK(torch::equal(draw(), first));
}

TEST_CASE("the focus on keypoints sees what lies near one, and nothing far from all") {
  const auto target = torch::zeros({1, 3, 65, 65});
  const auto points = torch::tensor({-0.5F, 0.5F}).view({1, 1, 2});  // column 16, row 48
  auto near = target.clone(), far = target.clone();
  near.slice(2, 44, 53).slice(3, 12, 21).fill_(1);
  far.slice(2, 12, 21).slice(3, 44, 53).fill_(1);
  CHECK(number(train::keypoint_focus_loss(near, target, points)) > 0.3);
  CHECK(number(train::keypoint_focus_loss(far, target, points)) < 1e-6);
  CHECK(number(train::keypoint_focus_loss(target + 0.25, target, points)) == Approx(0.25));
}

TEST_CASE("keypoints are compared with the truth, of the same number only") {
  const fomm::Keypoints truth{torch::zeros({1, 3, 2}), torch::zeros({1, 3, 2, 2})};
  const fomm::Keypoints found{torch::full({1, 3, 2}, 0.5), torch::full({1, 3, 2, 2}, -0.25)};
  CHECK(number(train::keypoint_value_loss(found, truth)) == 0.5);
  CHECK(number(train::keypoint_jacobian_loss(found, truth)) == 0.25);
  CHECK_THROWS_AS(train::keypoint_value_loss({torch::zeros({1, 4, 2}), {}}, truth), Error);
}
