#include "models/fomm/config.h"

#include <fstream>
#include <iterator>

#include "models/fomm/detect_config.h"
#include "models/fomm/fomm_model.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"

using namespace animate::checkpoint;
using namespace animate::core;
using namespace animate::models;
using namespace animate;
using test::error_of;

namespace {

std::filesystem::path configs() {
  return std::filesystem::path(ANIMATE_TEST_DATA).parent_path().parent_path() / "configs" / "fomm";
}

std::string vox_yaml() {
  std::ifstream file(configs() / "vox-256.yaml");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string parse_error(const std::string& yaml) {
  return error_of(ErrorKind::Model, [&] { fomm::Config::parse(yaml, "c.yaml"); });
}

}  // namespace

TEST_CASE("every published config is read without a warning") {
  for (const char* name : {"vox-256", "vox-adv-256", "vox-512", "taichi-256", "taichi-adv-256", "mgif-256",
                           "fashion-256", "bair-256", "nemo-256"}) {
    INFO(name);
    std::vector<std::string> warnings;
    const auto config = fomm::Config::load(configs() / (std::string(name) + ".yaml"), &warnings);
    CHECK(warnings.empty());
    CHECK(config.num_kp == 10);
    CHECK(config.estimate_jacobian);
    CHECK(config.kp_detector.single_jacobian_map == (std::string(name) == "mgif-256"));
    CHECK(config.kp_detector.scale_factor == (std::string(name) == "vox-512" ? 0.125 : 0.25));
    CHECK_NOTHROW(config.check_frame_size(256, 256));
  }
}

TEST_CASE("published parameter counts come out of the configs") {
  // models/fomm/README.md#weight-names.
  const auto count = [](const torch::nn::Module& module) {
    int64_t sum = 0;
    for (const auto& parameter : module.parameters()) sum += parameter.numel();
    return sum;
  };
  const fomm::Networks vox(fomm::Config::load(configs() / "vox-256.yaml"));
  CHECK(count(*vox.detector) == 14'215'368);
  CHECK(count(*vox.generator) == 45'575'391);
  const fomm::Networks mgif(fomm::Config::load(configs() / "mgif-256.yaml"));
  CHECK(count(*mgif.detector) == 14'153'592);
}

TEST_CASE("unknown keys warn, wrong types and values are refused by name") {
  std::vector<std::string> warnings;
  fomm::Config::parse(replaced(vox_yaml(), "num_kp: 10", "num_kp: 10, num_kq: 3"), "c.yaml", &warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0] == "c.yaml: unknown key 'model_params.common_params.num_kq' is ignored");

  CHECK(parse_error(replaced(vox_yaml(), "num_kp: 10", "num_kp: ten")) ==
        "c.yaml: 'model_params.common_params.num_kp' must be a whole number; correct the config");
  CHECK(parse_error(replaced(vox_yaml(), "num_kp: 10", "num_kp: [10]")) ==
        "c.yaml: 'model_params.common_params.num_kp' must be a whole number; correct the config");
  CHECK(parse_error(replaced(vox_yaml(), "num_kp: 10", "num_kp: -4")) ==
        "c.yaml: 'model_params.common_params.num_kp' is -4, it must lie in 1 to 1024; correct the config");
  CHECK(parse_error(replaced(vox_yaml(), "num_kp: 10,", "")) ==
        "c.yaml: 'model_params.common_params.num_kp' is missing; give the config of a FOMM model");
  CHECK(parse_error("just text") == "c.yaml: is not a FOMM config (a YAML file with model_params); give that file");
  CHECK(parse_error(replaced(vox_yaml(), "estimate_occlusion_map: true", "skips: true")) ==
        "c.yaml: 'model_params.generator_params.skips' blends by the occlusion map; set estimate_occlusion_map to "
        "True, with dense_motion_params, or skips to False");
  CHECK_THAT(parse_error("a: [1, 2"), ContainsSubstring("c.yaml: is not valid YAML (line"));
}

TEST_CASE("frame sizes that the networks cannot take are refused with the rule") {
  const auto config = fomm::Config::load(configs() / "vox-256.yaml");
  CHECK_NOTHROW(config.check_frame_size(384, 256));
  CHECK(error_of(ErrorKind::Model, [&] { config.check_frame_size(240, 240); }) ==
        "a frame of 240x240 pixels does not fit the model: scaled by 0.25 for its keypoint detector both sides must be "
        "multiples of 32; use the size the model was made for, 256x256");
  CHECK_THROWS_AS(config.check_frame_size(1, 1), Error);
}

TEST_CASE("a config told from the shapes of the weights builds the same networks") {
  const auto root = test::fixtures_root() / "fomm";
  int seen = 0;
  for (const char* name : {"base", "nojac", "singlejac", "noocc", "fullres", "gray", "nomotion"}) {
    const auto weights = root / "checkpoints" / (std::string(name) + ".zip.pth.tar");
    if (!std::filesystem::exists(weights)) continue;  // the copy in tests/data holds some of them
    INFO(name);
    ++seen;
    const auto checkpoint = Checkpoint::open(weights);
    const auto detected = fomm::detect_config(checkpoint);
    CHECK_NOTHROW(fomm::Networks(detected).load(checkpoint));
    const auto read_back = fomm::Config::parse(detected.yaml, "detected");
    CHECK_NOTHROW(fomm::Networks(read_back).load(checkpoint));
    const auto given = fomm::Config::load(root / "configs" / (std::string(name) + ".yaml"));
    CHECK(detected.kp_detector.scale_factor == given.kp_detector.scale_factor);
    CHECK(detected.generator.estimate_occlusion_map == given.generator.estimate_occlusion_map);
  }
  CHECK(seen > 0);
}

TEST_CASE("a stored blur kernel counts, whatever size the config's scale asks for") {
  const auto root = test::fixtures_root() / "fomm";
  const auto checkpoint = Checkpoint::open(root / "checkpoints/singlejac.legacy.pth.tar");
  auto config = fomm::Config::load(root / "configs/singlejac.yaml");
  const auto kernel = [](const fomm::Networks& networks) {
    return networks.generator->named_buffers()["dense_motion_network.down.weight"];
  };
  fomm::Networks right(config);
  right.load(checkpoint);
  const int64_t stored = kernel(right).size(2);
  for (const double scale : {0.5, 0.25, 0.125}) {
    INFO(scale);
    config.generator.dense_motion.scale_factor = scale;
    fomm::Networks networks(config);
    networks.load(checkpoint);
    CHECK(kernel(networks).size(2) == stored);
    CHECK(kernel(networks).equal(kernel(right)));
  }
}

TEST_CASE("the grid, the padding and the stride of Jacobians are options; published configs are without them") {
  const auto published = fomm::Config::parse(vox_yaml(), "c.yaml");
  CHECK(published.grid == GridEnds::PixelCentres);
  CHECK(published.generator.padding == Padding::Zeros);
  CHECK(published.kp_detector.jacobian_stride == 1);

  const auto yaml = [](const std::string& grid, const std::string& padding, const std::string& detector) {
    return "model_params:\n  common_params: {num_kp: 3, num_channels: 3, grid: " + grid +
           "}\n  kp_detector_params: {temperature: 0.1, block_expansion: 8, max_features: 16, num_blocks: 2" +
           detector +
           "}\n  generator_params: {block_expansion: 8, max_features: 16, num_down_blocks: 1, num_bottleneck_blocks: "
           "1, "
           "padding: " +
           padding + "}\n";
  };
  const auto ours = fomm::Config::parse(yaml("edges", "border", ", pad: 3, jacobian_stride: 2"), "c.yaml");
  CHECK(ours.grid == GridEnds::PictureEdges);
  CHECK(ours.generator.padding == Padding::Border);
  CHECK(ours.kp_detector.jacobian_stride == 2);
  CHECK(parse_error(yaml("corners", "border", "")) ==
        "c.yaml: 'model_params.common_params.grid' is 'corners', it must be centres or edges; correct the config");
  CHECK(parse_error(yaml("edges", "mirror", "")) ==
        "c.yaml: 'model_params.generator_params.padding' is 'mirror', it must be zeros or border; correct the config");
  CHECK(
      parse_error(yaml("edges", "border", ", jacobian_stride: 2")) ==
      "c.yaml: 'model_params.kp_detector_params.jacobian_stride' is 2, which needs heatmaps as large as the features; "
      "set pad to 3, or jacobian_stride to 1");
}
