#include "train/training_model.h"

#include "support/expect_error.h"
#include "train/optimisers.h"
#include "train/small_training.h"

using namespace animate::models;
using namespace animate::train;
using namespace animate;
using test::replaced;

namespace {

std::vector<std::string> names_of(const train::Losses& losses) {
  std::vector<std::string> names;
  for (const auto& [name, value] : losses.terms) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("every parameter of the three networks receives a gradient") {
  test::SmallTraining setup(1);
  auto model = setup.make();
  auto random = torch::make_generator<torch::CPUGeneratorImpl>(2);
  auto pass = model.generator_pass(test::random_batch(random), random);
  CHECK(names_of(pass.losses) == std::vector<std::string>{"structural", "gen_gan", "feature_matching",
                                                          "equivariance_value", "equivariance_jacobian"});
  pass.losses.total().backward();
  model.networks().discriminator->zero_grad();
  auto judged = model.discriminator_pass(pass);
  judged.total().backward();
  auto& networks = model.networks();
  for (const auto* module : {static_cast<torch::nn::Module*>(networks.generator.get()),
                             static_cast<torch::nn::Module*>(networks.detector.get()),
                             static_cast<torch::nn::Module*>(networks.discriminator.get())}) {
    for (const auto& item : module->named_parameters()) {
      INFO(item.key());
      REQUIRE(item.value().grad().defined());
      CHECK(torch::isfinite(item.value().grad()).all().item<bool>());
    }
  }
}

TEST_CASE("the discriminator's pass leaves generator and detector alone") {
  test::SmallTraining setup(1);
  auto model = setup.make();
  auto random = torch::make_generator<torch::CPUGeneratorImpl>(2);
  const auto pass = model.generator_pass(test::random_batch(random), random);
  model.discriminator_pass(pass).total().backward();
  for (const auto& parameter : model.networks().generator->parameters()) CHECK_FALSE(parameter.grad().defined());
  for (const auto& parameter : model.networks().detector->parameters()) CHECK_FALSE(parameter.grad().defined());
}

TEST_CASE("a few steps on one batch make the loss fall") {
  test::SmallTraining setup(3, replaced(test::small_yaml(), "generator_gan: 1", "generator_gan: 0"));
  auto model = setup.make();
  CHECK_FALSE(model.has_adversary());
  train::Optimisers optimisers(model.networks(), setup.config);
  auto random = torch::make_generator<torch::CPUGeneratorImpl>(4);
  // Bright soft pictures: there is something to learn, unlike in noise.
  const auto soft = torch::upsample_bilinear2d(0.7 + 0.3 * torch::rand({4, 3, 4, 4}, random), {64, 64}, false);
  const train::TrainingBatch batch{soft.slice(0, 0, 2), soft.slice(0, 2, 4), {}, {}};
  const auto transform = train::TpsTransform::draw(2, setup.config.transform, random);
  double first = 0;
  double last = 0;
  for (int step = 0; step < 30; ++step) {
    const auto total = model.generator_pass(batch, transform).losses.total();
    last = total.item<double>();
    if (step == 0) first = last;
    total.backward();
    optimisers.generator.step();
    optimisers.detector.step();
    optimisers.zero_grad();
  }
  INFO(first << " " << last);
  CHECK(last < 0.7 * first);
}

TEST_CASE("keypoint supervision pulls the detector to the truth, and asks for one") {
  test::SmallTraining setup(
      5, replaced(replaced(test::small_yaml(), "generator_gan: 1", "generator_gan: 0\n    keypoint_supervision: 10"),
                  "perceptual: [10, 10, 10, 10, 10]", "perceptual: [0, 0, 0, 0, 0]"));
  auto model = setup.make();
  auto random = torch::make_generator<torch::CPUGeneratorImpl>(6);
  auto batch = test::random_batch(random);
  CHECK(
      test::error_of(ErrorKind::Model, [&] { model.generator_pass(batch, random); }) ==
      "'train_params.loss_weights.keypoint_supervision' needs data with known keypoints; train on procedural heads or "
      "set it to 0");
  const fomm::Keypoints truth{torch::full({2, 3, 2}, 0.25), torch::eye(2).expand({2, 3, 2, 2})};
  batch.source_truth = truth;
  batch.driving_truth = truth;
  const auto pass = model.generator_pass(batch, random);
  const auto expected = 5 * ((pass.source.value - 0.25).abs().mean() + (pass.driving.value - 0.25).abs().mean());
  CHECK(pass.losses.get("keypoint_value").item<double>() == Approx(expected.item<double>()));
  // A fresh detector starts from identity frames.
  CHECK(pass.losses.get("keypoint_jacobian").item<double>() == Approx(0).margin(1e-5));
  CHECK_FALSE(pass.losses.get("structural").defined());
  pass.losses.get("keypoint_value").backward();
  CHECK(model.networks().detector->kp->weight.grad().abs().sum().item<double>() > 0);

  batch.source_truth = fomm::Keypoints{torch::zeros({2, 7, 2}), {}};
  CHECK(test::error_of(ErrorKind::Model, [&] { model.generator_pass(batch, random); }) ==
        "the data comes with 7 keypoints, 'model_params.common_params.num_kp' is 3; set it to that number");
}

TEST_CASE("the paper's ablations train: no occlusion map, no Jacobian, one scale") {
  auto yaml = replaced(test::small_yaml(), "estimate_occlusion_map: true", "estimate_occlusion_map: false");
  yaml = replaced(yaml, "estimate_jacobian: true", "estimate_jacobian: false");
  yaml = replaced(yaml, "equivariance_jacobian: 10", "equivariance_jacobian: 0");
  yaml = replaced(yaml, "scales: [1, 0.5]", "scales: [1]");
  test::SmallTraining setup(7, yaml);
  auto model = setup.make();
  auto random = torch::make_generator<torch::CPUGeneratorImpl>(8);
  const auto pass = model.generator_pass(test::random_batch(random), random);
  CHECK(names_of(pass.losses) ==
        std::vector<std::string>{"structural", "gen_gan", "feature_matching", "equivariance_value"});
  CHECK(pass.fake.size() == 1);
  CHECK_FALSE(pass.generated.motion.occlusion_map.defined());
  CHECK_NOTHROW(pass.losses.total().backward());
}

TEST_CASE("frames that the networks or the losses cannot take are refused") {
  test::SmallTraining setup(9);
  auto model = setup.make();
  auto random = torch::make_generator<torch::CPUGeneratorImpl>(8);
  const auto small = torch::rand({1, 3, 40, 40});
  CHECK(test::error_of(ErrorKind::Model,
                       [&] {
                         model.generator_pass({small, small, {}, {}}, random);
                       }) ==
        "a frame of 40x40 pixels does not fit the model: scaled by 0.25 for its keypoint detector both sides must be "
        "multiples of 4; use the size the model was made for, 64x64");

  test::SmallTraining idle(
      9, replaced(replaced(replaced(replaced(test::small_yaml(), "generator_gan: 1", "generator_gan: 0"),
                                    "equivariance_value: 10", "equivariance_value: 0"),
                           "equivariance_jacobian: 10", "equivariance_jacobian: 0"),
                  "perceptual: [10, 10, 10, 10, 10]", "perceptual: [0, 0, 0, 0, 0]"));
  auto idle_model = idle.make();
  const auto pass = idle_model.generator_pass(test::random_batch(random), random);
  CHECK(test::error_of(ErrorKind::Model, [&] { pass.losses.total(); }) ==
        "every weight of 'train_params.loss_weights' is 0: there is nothing to train; give a weight above 0");
}
