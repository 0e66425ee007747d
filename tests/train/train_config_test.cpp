#include "train/train_config.h"

#include <filesystem>

#include "support/expect_error.h"
#include "train/small_training.h"

using namespace animate;
using test::replaced;
using train::TrainConfig;

namespace {

TrainConfig parse(const std::string& yaml) {
  return TrainConfig::parse(yaml, "c.yaml", fomm::Config::parse(yaml, "c.yaml"));
}

std::string parse_error(const std::string& yaml) {
  return test::error_of(ErrorKind::Model, [&] { parse(yaml); });
}

}  // namespace

TEST_CASE("training sections of every published config are read") {
  const auto folder = std::filesystem::path(ANIMATE_TEST_DATA).parent_path().parent_path() / "configs" / "fomm";
  for (const char* name : {"vox-256", "vox-adv-256", "vox-512", "taichi-256", "taichi-adv-256", "mgif-256",
                           "fashion-256", "bair-256", "nemo-256"}) {
    INFO(name);
    const auto path = folder / (std::string(name) + ".yaml");
    const auto config = TrainConfig::load(path, fomm::Config::load(path));
    CHECK(config.scales.size() == 4);
    CHECK(config.scales[1] == train::Scale{"0.5", 0.5});
    CHECK(config.loss_weights.perceptual == std::array<double, 5>{10, 10, 10, 10, 10});
    CHECK(config.transform.points_tps == 5);
    CHECK(config.lr_generator == 2e-4);
    CHECK(config.dataset.augmentation.horizontal_flip);
    CHECK(config.discriminator.use_kp == (std::string(name).find("adv") != std::string::npos));
    CHECK_FALSE(config.align_corners);
  }
  const auto mgif = TrainConfig::load(folder / "mgif-256.yaml", fomm::Config::load(folder / "mgif-256.yaml"));
  CHECK(mgif.dataset.augmentation.crop_size == std::pair<int64_t, int64_t>{256, 256});
  CHECK(mgif.dataset.augmentation.resize_ratio == std::pair{0.9, 1.1});
  CHECK(mgif.dataset.augmentation.hue == 0.5);
  CHECK(mgif.dataset.augmentation.brightness == 0);
}

TEST_CASE("scales are named as Python writes them") {
  const auto config = parse(replaced(replaced(test::small_yaml(), "scales: [1, 0.5]", "scales: [1.0, .50, 1]"),
                                     "generator_gan: 1", "generator_gan: 0"));
  REQUIRE(config.scales.size() == 3);
  CHECK(config.scales[0].name == "1.0");
  CHECK(config.scales[1].name == "0.5");
  CHECK(config.scales[2].name == "1");
}

TEST_CASE("what cannot be trained is refused by the name of its key") {
  const auto& good = test::small_yaml();
  CHECK_NOTHROW(parse(good));
  CHECK(parse_error(replaced(good, "scales: [1, 0.5]", "scales: [1.0, 0.5]")) ==
        "c.yaml: the discriminator's scale 1 is not among 'train_params.scales'; write it there in the same way");
  CHECK(parse_error(replaced(good, "estimate_jacobian: true", "estimate_jacobian: false")) ==
        "c.yaml: 'train_params.loss_weights.equivariance_jacobian' is 10 but "
        "'model_params.common_params.estimate_jacobian' is false; set the weight to 0");
  CHECK(parse_error(replaced(good, "feature_matching: [10, 10]", "feature_matching: [10, 10, 10]")) ==
        "c.yaml: 'train_params.loss_weights.feature_matching' has 3 weights but the discriminator has 2 blocks; give "
        "one a block");
  CHECK(parse_error(replaced(good, "equivariance_value: 10", "equivariance_value: -1")) ==
        "c.yaml: 'train_params.loss_weights.equivariance_value' is -1, it must lie in 0 to 1000000000; correct the "
        "config");
  CHECK(parse_error(replaced(good, "scales: [1, 0.5]", "scales: []")) ==
        "c.yaml: 'train_params.scales' is empty; give at least [1]");
  CHECK(parse_error(replaced(good, "scales: [1, 0.5]", "scales: [1, 2]")) ==
        "c.yaml: 'train_params.scales' holds 2, a scale must be above 0 and at most 1; correct the config");
  CHECK(parse_error(replaced(good, "scales: [1, 0.5]", "scales: [1, 1]")) ==
        "c.yaml: 'train_params.scales' holds 1 twice; correct the config");
  CHECK(parse_error(replaced(good, "lr_generator: 2.0e-3", "")) ==
        "c.yaml: 'train_params.lr_generator' is missing; give the config of a FOMM model");
  CHECK(parse_error(replaced(good, "perceptual: [10, 10, 10, 10, 10]", "perceptual: [10]")) ==
        "c.yaml: 'train_params.loss_weights.perceptual' must be 5 weights of at least 0; correct the config");
  CHECK(parse_error(replaced(good, "epoch_milestones: [2, 3]", "epoch_milestones: [3, 2]")) ==
        "c.yaml: 'train_params.epoch_milestones' must rise; correct the config");
  CHECK(parse_error(good.substr(0, good.find("train_params:"))) ==
        "c.yaml: has no 'train_params'; give a config with that section to train");
}

TEST_CASE("keypoint supervision covers local frames as much as positions unless told otherwise") {
  const auto& good = test::small_yaml();
  CHECK(parse(good).loss_weights.keypoint_supervision == 0);
  const auto both = parse(replaced(good, "generator_gan: 1", "generator_gan: 1\n    keypoint_supervision: 5"));
  CHECK(both.loss_weights.keypoint_supervision == 5);
  CHECK(both.loss_weights.keypoint_supervision_jacobian == 5);
  const auto points = parse(replaced(good, "generator_gan: 1",
                                     "generator_gan: 1\n    keypoint_supervision: 5\n"
                                     "    keypoint_supervision_jacobian: 0\n    structural: [1, 2, 3]"));
  CHECK(points.loss_weights.keypoint_supervision_jacobian == 0);
  CHECK(points.loss_weights.structural == std::array<double, 3>{1, 2, 3});
}
