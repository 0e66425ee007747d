// Layers of video diffusion against LibTorch's own.
#include <c10/core/InferenceMode.h>
#include <torch/nn/functional/conv.h>

#include <cmath>

#include "core/nn/fast_conv/fast_convolution.h"
#include "core/nn/geglu.h"
#include "core/nn/group_norm.h"
#include "core/nn/layers.h"
#include "core/nn/rows.h"
#include "core/nn/stage_observer.h"
#include "core/nn/time_convolution.h"
#include "core/nn/time_embedding.h"
#include "support/catch.h"

using namespace animate;
using namespace animate::core;

namespace {

double gap(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

// [B * T, C, H, W] as [B, C, T, H, W].
torch::Tensor volumes(const torch::Tensor& maps, int64_t frames) {
  return maps.view({-1, frames, maps.size(1), maps.size(2), maps.size(3)}).transpose(1, 2).contiguous();
}

}  // namespace

TEST_CASE("a convolution over frames is LibTorch's of volumes") {
  const c10::InferenceMode guard;
  torch::manual_seed(1);
  nn::TimeConvolution layer(6, 10);
  nn::fill_randomly(*layer, 2);
  layer->bias.copy_(torch::randn({10}));
  CHECK(layer->weight.sizes().vec() == std::vector<int64_t>{10, 6, 3, 1, 1});
  for (const int64_t frames : {1, 2, 5}) {
    const auto x = torch::randn({2 * frames, 6, 3, 4});
    const auto expected = torch::conv3d(volumes(x, frames), layer->weight, layer->bias, 1, {1, 0, 0});
    CHECK(gap(volumes(layer->forward(x, frames), frames), expected) < 1e-5);
  }
}

TEST_CASE("a 3 x 3 convolution is LibTorch's, by Winograd where that pays for one call and where it does not") {
  const c10::InferenceMode guard;
  torch::manual_seed(1);
  struct Shape {
    int64_t out, images, height, width;
    bool pays;
  };
  for (const auto& [out, images, height, width, pays] : {Shape{40, 2, 30, 33, true}, Shape{3, 2, 30, 33, true},
                                                         Shape{40, 14, 5, 9, false}, Shape{40, 1, 3, 300, false}}) {
    auto layer = nn::convolution_3x3(32, out);
    nn::fill_randomly(*layer, 2);
    layer->bias.copy_(torch::randn({out}));
    const auto x = torch::randn({images, 32, height, width});
    CHECK(nn::winograd_pays_once(x) == (pays && nn::winograd_lanes() >= 8));
    const auto y = layer->forward(x);
    CHECK(gap(y, torch::conv2d(x, layer->weight, layer->bias, 1, 1)) < 2e-5);
    CHECK(y.is_contiguous(torch::MemoryFormat::ChannelsLast));
  }
  const torch::AutoGradMode training(true);
  CHECK_FALSE(nn::winograd_pays_once(torch::randn({2, 32, 30, 33})));
  CHECK_FALSE(nn::winograd_pays_once(torch::randn({2, 32, 30, 33}).to(torch::kHalf)));
}

TEST_CASE("group normalisation is LibTorch's, of images and of clips, with SiLU and without") {
  const c10::InferenceMode guard;
  torch::manual_seed(1);
  nn::GroupNorm norm(4, 12, 1e-5);
  norm->weight.copy_(torch::randn({12}));
  norm->bias.copy_(torch::randn({12}));
  // Means far from zero: nothing may cancel.
  const auto x = torch::randn({6, 12, 9, 11}) * 0.1 + torch::randn({1, 12, 1, 1}) * 10;
  const auto expected = torch::group_norm(x, 4, norm->weight, norm->bias, 1e-5);
  CHECK(gap(norm->forward(x), expected) < 2e-4);
  CHECK(gap(norm->activated(x), torch::silu(expected)) < 2e-4);
  const auto clips = volumes(x, 3);
  const auto of_clips = torch::group_norm(clips, 4, norm->weight, norm->bias, 1e-5);
  CHECK(gap(volumes(norm->forward(x, 3), 3), of_clips) < 2e-4);
  CHECK(norm->forward(x).is_contiguous(torch::MemoryFormat::ChannelsLast));
}

TEST_CASE("gated layers in blocks of rows are the formula") {
  const c10::InferenceMode guard;
  torch::manual_seed(1);
  nn::Geglu layer(16);
  nn::fill_randomly(*layer, 3);
  const auto parameters = layer->named_parameters();
  // More rows than one block has.
  const auto x = torch::randn({2, 20000, 16});
  const auto halves = torch::linear(x, parameters["net.0.proj.weight"], parameters["net.0.proj.bias"]).chunk(2, -1);
  const auto expected =
      torch::linear(halves[0] * torch::gelu(halves[1]), parameters["net.2.weight"], parameters["net.2.bias"]);
  CHECK(gap(layer->forward(x), expected) < 1e-5);
}

TEST_CASE("numbers become cosines and sines, and rows are maps") {
  const auto waves = nn::sinusoid(torch::tensor({0.0F, 2.0F}), 4);
  CHECK(gap(waves[0], torch::tensor({1.0F, 1.0F, 0.0F, 0.0F})) == 0);
  CHECK(gap(waves[1], torch::tensor({std::cos(2.0F), std::cos(0.02F), std::sin(2.0F), std::sin(0.02F)})) < 1e-6);
  const auto maps = torch::randn({2, 3, 4, 5});
  CHECK(torch::equal(nn::maps_like(nn::rows_of(maps), maps), maps));
}

TEST_CASE("an observer sees what modules show, and nobody looks afterwards") {
  const c10::InferenceMode guard;
  nn::Geglu layer(16);
  nn::fill_randomly(*layer, 3);
  int seen = 0;
  {
    const nn::StageObserver observer([&](const torch::nn::Module& module, const torch::Tensor& output) {
      CHECK(&module == layer.get());
      CHECK(output.size(2) == 16);
      ++seen;
    });
    CHECK(nn::is_observed());
    layer->forward(torch::randn({1, 2, 16}));
  }
  CHECK_FALSE(nn::is_observed());
  layer->forward(torch::randn({1, 2, 16}));
  CHECK(seen == 1);
}
