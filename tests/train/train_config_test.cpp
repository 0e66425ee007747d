#include "train/train_config.h"

#include <filesystem>

#include "support/expect_error.h"
#include "train/small_phase.h"

using namespace animate::core;
using namespace animate::models;
using namespace animate::train;
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

TEST_CASE("phases are read, and every shipped one belongs to the same model") {
  const auto folder =
      std::filesystem::path(ANIMATE_TEST_DATA).parent_path().parent_path() / "configs" / "default" / "phases";
  using train::Phase;
  for (const auto& [name, phase] :
       {std::pair{"a-detector", Phase::Detector}, std::pair{"b-motion", Phase::Motion},
        std::pair{"c-generator-128", Phase::Generator}, std::pair{"d-together-128", Phase::Together},
        std::pair{"d-together-256", Phase::Together}}) {
    INFO(name);
    const auto path = folder / (std::string(name) + ".yaml");
    std::vector<std::string> warnings;
    const auto model = fomm::Config::load(path, &warnings);
    CHECK(warnings.empty());
    CHECK(TrainConfig::load(path, model).phase == phase);
    CHECK(model.num_kp == 17);
    CHECK(model.grid == GridEnds::PictureEdges);
    // What the networks see does not depend on the size of the frames.
    CHECK(model.frame_width * model.kp_detector.scale_factor == 128);
    CHECK(model.frame_width * model.generator.dense_motion.scale_factor == 64);
  }
}

TEST_CASE("what has no effect in a phase, or without one, is refused by the name of its key") {
  const auto& whole = test::small_yaml();
  CHECK(parse(whole).phase == train::Phase::Whole);
  CHECK(parse_error(replaced(whole, "generator_gan: 1", "generator_gan: 1\n    flow: 2")) ==
        "c.yaml: 'train_params.loss_weights.flow' has an effect only in a phase; add 'train_params.phase', or leave it "
        "out");
  CHECK(parse_error(replaced(whole, "batch_size: 2", "batch_size: 2\n  heads_expressions: lively")) ==
        "c.yaml: 'train_params.heads_expressions' has an effect only in a phase; add 'train_params.phase', or leave it "
        "out");
  CHECK(
      parse_error(replaced(whole, "batch_size: 2", "batch_size: 2\n  phase: eyes")) ==
      "c.yaml: 'train_params.phase' is 'eyes', it must be detector, motion, generator or together; correct the config");

  const std::string motion = test::phase_yaml("motion");
  CHECK_NOTHROW(parse(motion));
  CHECK(parse_error(replaced(motion, "flow: 10", "flow: 0")) ==
        "c.yaml: 'train_params.loss_weights.flow' is 0, and the phase 'motion' has nothing else to learn from; give a "
        "weight above 0");
  CHECK(parse_error(test::phase_yaml("detector", "", "keypoint_supervision: 1, flow: 2")) ==
        "c.yaml: 'train_params.loss_weights.flow' has no effect in the phase 'detector'; set it to 0");
  CHECK(parse_error(replaced(motion, "lively", "wild")) ==
        "c.yaml: 'train_params.heads_expressions' is 'wild', it must be calm or lively; correct the config");
  CHECK(
      parse_error(replaced(motion, "phase: motion", "align_corners: true\n  phase: motion")) ==
      "c.yaml: 'train_params.align_corners' is True, and 'model_params.common_params.grid: edges' is for the other way "
      "of sampling; leave one of them out");
  CHECK(parse_error(replaced(test::phase_yaml("generator"), "structural: [10, 10, 1], ", "")) ==
        "c.yaml: 'train_params.loss_weights.structural' is missing, which the phase 'generator' paints by; give three "
        "weights");
  CHECK(parse_error(test::phase_yaml("detector", "", "keypoint_distance: 1")) ==
        "c.yaml: 'train_params.loss_weights.keypoint_supervision' is 0, and the phase 'detector' has nothing else to "
        "learn "
        "from; give a weight above 0");
  CHECK(parse_error(test::phase_yaml("detector", "  transfer_share: 0.5\n", "keypoint_supervision: 1")) ==
        "c.yaml: 'train_params.transfer_share' has no effect in the phase 'detector'; set it to 0");
}
