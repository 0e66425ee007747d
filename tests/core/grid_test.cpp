#include "core/grid.h"

#include <c10/core/InferenceMode.h>

#include <cmath>

#include "core/heatmap.h"
#include "core/matrix2.h"
#include "support/catch.h"

using namespace animate::core;
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

TEST_CASE("a grid from edge to edge is where sampling puts a picture's pixels") {
  torch::manual_seed(5);
  const auto image = torch::rand({1, 2, 6, 5});
  const auto grid = coordinate_grid(6, 5, torch::kFloat32, GridEnds::PictureEdges);
  CHECK(grid[0][0][0].item<float>() == Approx(-0.8F));
  CHECK(grid[5][0][1].item<float>() == Approx(1 - 1 / 6.0));
  CHECK((sample_bilinear(image, grid.unsqueeze(0), AlignCorners::Off) - image).abs().max().item<float>() < 1e-5F);
}

namespace {

// LibTorch's own sampler: it is asked for fewer channels than ours wants.
torch::Tensor sampled_by_libtorch(const torch::Tensor& image, const torch::Tensor& places, AlignCorners align,
                                  Padding padding = Padding::Zeros) {
  std::vector<torch::Tensor> parts;
  for (const auto& part : image.contiguous().split(4, 1)) {
    parts.push_back(sample_bilinear(part, places, align, padding));
  }
  return torch::cat(parts, 1);
}

}  // namespace

TEST_CASE("maps with the channels last are sampled as LibTorch samples them, inside and outside") {
  const c10::InferenceMode guard;
  torch::manual_seed(11);
  const auto align = GENERATE(AlignCorners::On, AlignCorners::Off);
  SECTION("maps") {
    const auto image = torch::randn({2, 19, 6, 5}).contiguous(torch::MemoryFormat::ChannelsLast);
    const auto places = 1.6 * torch::rand({2, 7, 9, 2}) * 2 - 1.6;
    const auto found = sample_bilinear(image, places, align);
    REQUIRE(found.sizes() == torch::IntArrayRef({2, 19, 7, 9}));
    CHECK(found.movedim(1, -1).is_contiguous());
    CHECK((found - sampled_by_libtorch(image, places, align)).abs().max().item<float>() < 1e-5F);
  }
  SECTION("maps whose border goes on") {
    const auto image = torch::randn({2, 19, 6, 5}).contiguous(torch::MemoryFormat::ChannelsLast);
    const auto places = 3 * torch::rand({2, 7, 9, 2}) - 1.5;
    const auto found = sample_bilinear(image, places, align, Padding::Border);
    CHECK((found - sampled_by_libtorch(image, places, align, Padding::Border)).abs().max().item<float>() < 1e-5F);
    CHECK((found - sampled_by_libtorch(image, places, align)).abs().max().item<float>() > 0.1F);
  }
  SECTION("volumes") {
    const auto volume = torch::randn({1, 16, 4, 6, 5}).contiguous(torch::MemoryFormat::ChannelsLast3d);
    const auto places = 1.6 * torch::rand({1, 3, 7, 9, 3}) * 2 - 1.6;
    const auto found = sample_bilinear(volume, places, align);
    CHECK(found.movedim(1, -1).is_contiguous());
    CHECK((found - sampled_by_libtorch(volume, places, align)).abs().max().item<float>() < 1e-5F);
  }
  SECTION("one image at the places of several, without a copy of it for each") {
    const auto image = torch::randn({1, 8, 6, 5}).contiguous(torch::MemoryFormat::ChannelsLast).expand({3, -1, -1, -1});
    const auto places = 2 * torch::rand({3, 4, 4, 2}) - 1;
    CHECK(
        (sample_bilinear(image, places, align) - sampled_by_libtorch(image, places, align)).abs().max().item<float>() <
        1e-5F);
  }
}

TEST_CASE("a place that is not a number or far away gives zeros") {
  const c10::InferenceMode guard;
  const auto image = torch::ones({1, 8, 4, 4}).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto places = torch::tensor({NAN, 0.0F, 0.0F, INFINITY, -1e30F, 0.0F, 0.0F, 0.0F}).view({1, 1, 4, 2});
  const auto found = sample_bilinear(image, places, AlignCorners::Off);
  CHECK(found.narrow(3, 0, 3).abs().max().item<float>() == 0);
  CHECK(found.narrow(3, 3, 1).min().item<float>() == 1);
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
