#include "core/autocast.h"

#include "support/expect_error.h"
#include "train/small_training.h"

using namespace animate::core;
using namespace animate::train;
using namespace animate;

TEST_CASE("mixed precision: coarser losses, float gradients, and a word for devices without it") {
  test::SmallTraining setup(1);
  torch::Generator random = torch::make_generator<torch::CPUGeneratorImpl>(5);
  const auto batch = test::random_batch(random);
  const auto transform = train::TpsTransform::draw(2, setup.config.transform, random, torch::kCPU);
  const auto loss_of = [&](bool mixed) {
    torch::manual_seed(3);
    auto model = setup.make();
    model.use_mixed_precision(mixed);
    auto pass = model.generator_pass(batch, transform);
    CHECK(pass.generated.prediction.scalar_type() == torch::kFloat);
    CHECK(pass.generated.motion.sparse_motion.scalar_type() == torch::kFloat);
    pass.losses.total().backward();
    for (const auto& parameter : model.networks().generator->parameters()) {
      REQUIRE(parameter.grad().defined());
      CHECK(parameter.grad().scalar_type() == torch::kFloat);
      CHECK(torch::isfinite(parameter.grad()).all().item<bool>());
    }
    const auto judged = model.discriminator_pass(pass);
    return pass.losses.total().item<double>() + judged.total().item<double>();
  };
  const double exact = loss_of(false);
  const double mixed = loss_of(true);
  CHECK(mixed != exact);
  CHECK(mixed == Approx(exact).epsilon(0.02));
  CHECK(loss_of(false) == exact);

  CHECK_FALSE(wants_autocast(Switch::Off, torch::kCPU));
  CHECK_FALSE(wants_autocast(Switch::Auto, torch::kCPU));
  CHECK(test::error_of(ErrorKind::Usage, [] { wants_autocast(Switch::On, torch::kCPU); }) ==
        "--amp on: is for CUDA, and this run is on the CPU; leave it out");
}
