#include "models/fomm/occlusion_aware_generator.h"

#include <torch/utils.h>

#include "support/catch.h"

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
