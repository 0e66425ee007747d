#include <cmath>

#include "heads/head_geometry.h"
#include "support/catch.h"
#include "train/motion_losses.h"
#include "train/point_losses.h"

using namespace animate::heads;
using namespace animate::models;
using namespace animate::train;
using namespace animate;

TEST_CASE("points that speak count three times those that frame the head, hidden ones a quarter") {
  auto visible = torch::ones({2, 12});
  visible[1][heads::kChin] = 0;
  const auto weights = train::point_weights(visible);
  CHECK(weights.sum(1).allclose(torch::ones(2)));
  CHECK(weights[0][heads::kLeftEye].item<float>() == Approx(3 * weights[0][heads::kChin].item<float>()));
  CHECK(weights[1][heads::kLeftEye].item<float>() == Approx(12 * weights[1][heads::kChin].item<float>()));
}

TEST_CASE("point losses by hand") {
  const auto truth = torch::zeros({1, 12, 2});
  auto found = truth.clone();
  found[0][heads::kNoseTip][0] = 0.5;
  const auto weights = train::point_weights(torch::ones({1, 12}));
  const float nose = weights[0][heads::kNoseTip].item<float>();
  const auto frames = torch::eye(2).expand({1, 12, 2, 2});
  // A half of the smoothing's 0.01 goes off; two coordinates, one of them wrong.
  CHECK(train::weighted_point_loss({found, frames}, {truth, frames}, weights).item<float>() ==
        Approx(nose * (0.5F - 0.005F) / 2));
  CHECK(train::weighted_frame_loss({found, 2 * frames}, {truth, frames}, weights).item<float>() == Approx(0.5F));
  CHECK(train::openings(12).empty());
  CHECK(train::opening_loss(found, truth).item<float>() == 0);
}

TEST_CASE("the heatmap loss is least where the bump is, and leads there from far away") {
  const auto points = torch::tensor({0.5F, -0.5F}).view({1, 1, 2});
  const auto weights = torch::ones({1, 1});
  const auto loss_at = [&](int64_t row, int64_t column) {
    auto logits = torch::zeros({1, 1, 16, 16});
    logits[0][0][row][column] = 20;
    return train::heatmap_loss(logits, points, weights, GridEnds::PictureEdges).item<float>();
  };
  // x = 0.5 lies between columns 11 and 12, y = -0.5 between rows 3 and 4.
  CHECK(loss_at(4, 12) < loss_at(4, 14));
  CHECK(loss_at(4, 12) == Approx(loss_at(3, 11)));
  auto sure = torch::zeros({1, 1, 16, 16});
  sure[0][0][15][0] = 60;
  sure.requires_grad_();
  train::heatmap_loss(sure, points, weights, GridEnds::PictureEdges).backward();
  CHECK(sure.grad()[0][0][4][12].item<float>() < -0.01F);
  const auto outside = torch::full({1, 1, 2}, 3.0F);
  CHECK(train::heatmap_loss(sure, outside, weights, GridEnds::PictureEdges).item<float>() == Approx(0).margin(1e-4));
}

TEST_CASE("openings are the distances of lids and lips") {
  auto points = torch::zeros({1, heads::kKeypoints, 2});
  points[0][heads::kRightUpperLid][1] = -0.03;
  points[0][heads::kRightLowerLid][1] = 0.01;
  const auto distances = train::opening_distances(points);
  REQUIRE(distances.sizes() == torch::IntArrayRef({1, 3}));
  CHECK(distances[0][1].item<float>() == Approx(0.04F).epsilon(0.01));
  CHECK(distances[0][2].item<float>() < 2e-4F);
  // Shut lids: the root's slope must not be infinite.
  auto shut = torch::zeros({1, heads::kKeypoints, 2}).requires_grad_();
  train::opening_loss(shut, points).backward();
  CHECK(torch::isfinite(shut.grad()).all().item<bool>());
}

TEST_CASE("correlation is Pearson's") {
  const auto a = torch::tensor({1.0F, 2.0F, 3.0F, 4.0F});
  CHECK(train::correlation(a, 3 * a + 1) == Approx(1));
  CHECK(train::correlation(a, -a) == Approx(-1));
  CHECK(train::correlation(a, torch::tensor({1.0F, -1.0F, -1.0F, 1.0F})) == Approx(0).margin(1e-9));
  CHECK(train::correlation(a, torch::ones(4)) == 0);
}

TEST_CASE("flow and occlusion against the truth, by hand") {
  heads::WarpTruth truth{torch::zeros({1, 2, 2, 2}), torch::tensor({1.0F, 1.0F, 0.0F, 0.0F}).view({1, 2, 2})};
  fomm::DenseMotion found;
  found.deformation = torch::zeros({1, 2, 2, 2});
  found.deformation[0][0][0][0] = 0.3;
  found.deformation[0][0][0][1] = 0.4;
  found.deformation[0][1][1][0] = 99;  // hidden: does not count
  CHECK(train::flow_loss(found.deformation, truth).item<float>() == Approx((0.5F + 0.001F) / 2).epsilon(1e-3));
  found.occlusion_map = torch::tensor({0.9F, 0.4F, 0.1F, 0.2F}).view({1, 1, 2, 2});
  const float expected = -(std::log(0.9F) + std::log(0.4F) + std::log(0.9F) + std::log(0.8F)) / 4;
  CHECK(train::occlusion_loss(found.occlusion_map, truth).item<float>() == Approx(expected));

  train::MotionFigures figures;
  figures.add(found, truth);
  const auto list = figures.list("x_");
  REQUIRE(list.size() == 3);
  CHECK(list[0].name == "x_flow_error");
  CHECK(list[0].value == Approx(0.125));  // a distance of 0.5 is a quarter of the side, on one of two pixels
  CHECK(list[1].value == Approx(0.5));
  CHECK(list[2].value == Approx(2 / 3.0));

  train::LossWeights weights;
  train::Losses losses;
  train::add_motion_losses(losses, weights, found, truth);
  CHECK(losses.terms.empty());
  weights.flow = 2;
  train::add_motion_losses(losses, weights, found, truth);
  REQUIRE(losses.terms.size() == 1);
  CHECK(losses.get("flow").item<float>() == Approx((0.5F + 0.001F)).epsilon(1e-3));
}
