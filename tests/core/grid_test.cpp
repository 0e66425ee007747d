#include "core/grid.h"

#include "core/heatmap.h"
#include "core/matrix2.h"
#include "support/catch.h"

using namespace animate;

TEST_CASE("the coordinate grid spans -1 to 1, x then y") {
  const auto grid = coordinate_grid(3, 5, torch::kFloat32);
  REQUIRE(grid.sizes() == torch::IntArrayRef({3, 5, 2}));
  CHECK(grid[0][0][0].item<float>() == -1);
  CHECK(grid[0][0][1].item<float>() == -1);
  CHECK(grid[2][4][0].item<float>() == 1);
  CHECK(grid[1][1][0].item<float>() == Approx(-0.5));
  CHECK(grid[1][1][1].item<float>() == Approx(0));
}

TEST_CASE("sampling an image on its own grid gives it back when corners are aligned, and not otherwise") {
  const auto image = torch::rand({1, 2, 6, 5});
  const auto grid = coordinate_grid(6, 5, torch::kFloat32).unsqueeze(0);
  CHECK((sample_bilinear(image, grid, AlignCorners::On) - image).abs().max().item<float>() < 1e-5F);
  CHECK((sample_bilinear(image, grid, AlignCorners::Off) - image).abs().max().item<float>() > 0.05F);
}

TEST_CASE("a sharp heatmap's expected coordinate is its peak") {
  auto heatmap = torch::zeros({1, 1, 5, 9});
  heatmap[0][0][1][6] = 1;
  const auto point = gaussian_to_keypoints(heatmap);
  CHECK(point[0][0][0].item<float>() == Approx(0.5));
  CHECK(point[0][0][1].item<float>() == Approx(-0.5));
}

TEST_CASE("the 2x2 inverse undoes a product") {
  torch::manual_seed(3);
  const auto m = torch::randn({2, 4, 2, 2}) + 3 * torch::eye(2);
  const auto identity = torch::matmul(m, inverse_2x2(m));
  CHECK((identity - torch::eye(2)).abs().max().item<float>() < 1e-5F);
}
