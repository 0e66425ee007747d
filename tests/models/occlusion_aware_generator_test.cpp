#include "models/fomm/occlusion_aware_generator.h"

#include <torch/utils.h>

#include <cmath>

#include "support/catch.h"

using namespace animate::core;
using namespace animate::models;
using namespace animate;

namespace {

fomm::Config with_skips(bool skips) {
  fomm::Config config;
  config.num_kp = 3;
  config.num_channels = 3;
  config.frame_width = config.frame_height = 64;
  config.generator = {8, 16, 2, 1, true, true, {8, 16, 2, 0.25, 0.01}, skips};
  return config;
}

// The same random weights whatever the switch, for skips add none; the occlusion map is the same number everywhere.
fomm::OcclusionAwareGenerator generator_that_sees(bool skips, float bias) {
  torch::manual_seed(3);
  fomm::OcclusionAwareGenerator generator(with_skips(skips));
  generator->eval();
  const torch::NoGradGuard no_grad;
  auto& occlusion = generator->dense_motion_network->occlusion;
  occlusion->weight.zero_();
  occlusion->bias.fill_(bias);
  return generator;
}

struct Scene {
  torch::Tensor picture;
  fomm::Keypoints source, driving;
};

Scene moved_scene() {
  torch::manual_seed(4);
  return {torch::rand({2, 3, 64, 64}), {torch::rand({2, 3, 2}) - 0.5, {}}, {torch::rand({2, 3, 2}) - 0.5, {}}};
}

fomm::OcclusionAwareGeneratorImpl::Output run(fomm::OcclusionAwareGenerator& generator, const torch::Tensor& picture,
                                              const Scene& scene) {
  return generator->generate(generator->encode(picture), scene.driving, scene.source, AlignCorners::Off);
}

constexpr float kVisible = 60;
constexpr float kHidden = -60;

}  // namespace

TEST_CASE("with skips, what is visible is the warped source itself") {
  const torch::NoGradGuard no_grad;
  const Scene scene = moved_scene();
  auto generator = generator_that_sees(true, kVisible);
  const auto out = run(generator, scene.picture, scene);
  const auto warped = fomm::warp(scene.picture, out.motion.deformation, AlignCorners::Off);
  CHECK((out.prediction - warped).abs().max().item<float>() < 1e-6F);
  CHECK((out.prediction - scene.picture).abs().max().item<float>() > 0.1F);
}

TEST_CASE("with skips, what is hidden is painted as without them") {
  const torch::NoGradGuard no_grad;
  const Scene scene = moved_scene();
  auto with = generator_that_sees(true, kHidden);
  auto without = generator_that_sees(false, kHidden);
  const auto painted = run(with, scene.picture, scene).prediction;
  CHECK((painted - run(without, scene.picture, scene).prediction).abs().max().item<float>() < 1e-6F);
  auto half = generator_that_sees(true, 0);
  CHECK((run(half, scene.picture, scene).prediction - painted).abs().max().item<float>() > 0.01F);
}

namespace {

// How much darker the outermost rows and columns are than their neighbours, where a bright picture moves to itself.
// With every scale's features taken over from the source, what comes out is the warped picture.
float dark_line(GridEnds grid, Padding padding) {
  auto config = with_skips(true);
  config.grid = grid;
  config.generator.padding = padding;
  torch::manual_seed(3);
  fomm::OcclusionAwareGenerator generator(config);
  generator->eval();
  const torch::NoGradGuard no_grad;
  generator->dense_motion_network->occlusion->weight.zero_();
  generator->dense_motion_network->occlusion->bias.fill_(kVisible);
  const fomm::Keypoints still{torch::tensor({-0.5F, 0.0F, 0.5F, 0.2F, 0.1F, 0.7F}).view({1, 3, 2}), {}};
  const auto bright = torch::full({1, 3, 64, 64}, 0.9F);
  const auto painted = generator->generate(generator->encode(bright), still, still, AlignCorners::Off)
                           .prediction.mean(c10::IntArrayRef{0, 1});
  const auto inner = painted.narrow(0, 8, 48).narrow(1, 8, 48).mean().item<float>();
  const auto border = torch::cat({painted[0], painted[63], painted.select(1, 0), painted.select(1, 63)});
  return inner - border.min().item<float>();
}

}  // namespace

TEST_CASE("the published grid and padding draw a dark line along the frame; either option takes it away") {
  CHECK(dark_line(GridEnds::PixelCentres, Padding::Zeros) > 0.2F);
  CHECK(std::abs(dark_line(GridEnds::PixelCentres, Padding::Border)) < 1e-4F);
  CHECK(std::abs(dark_line(GridEnds::PictureEdges, Padding::Zeros)) < 1e-4F);
  CHECK(std::abs(dark_line(GridEnds::PictureEdges, Padding::Border)) < 1e-4F);
}

TEST_CASE("what moves in from outside is dark with zeros and goes on with the border") {
  const torch::NoGradGuard no_grad;
  const auto picture = torch::full({1, 3, 32, 32}, 0.9F);
  const auto shifted = coordinate_grid(32, 32, torch::kFloat32, GridEnds::PictureEdges).unsqueeze(0) + 0.5;
  CHECK(fomm::warp(picture, shifted, AlignCorners::Off).min().item<float>() == 0);
  CHECK(fomm::warp(picture, shifted, AlignCorners::Off, Padding::Border).min().item<float>() == Approx(0.9F));
}

TEST_CASE("skips add no parameters, and take sizes that the decoder rounds down") {
  const torch::NoGradGuard no_grad;
  const Scene scene = moved_scene();
  auto with = generator_that_sees(true, 0);
  CHECK(with->named_parameters().keys() == generator_that_sees(false, 0)->named_parameters().keys());
  auto deep = with_skips(true);
  deep.generator.num_down_blocks = 5;
  fomm::OcclusionAwareGenerator deep_generator(deep);
  deep_generator->eval();
  const auto odd = torch::rand({2, 3, 48, 80});
  CHECK(run(deep_generator, odd, scene).prediction.sizes() == torch::IntArrayRef({2, 3, 32, 64}));
}
