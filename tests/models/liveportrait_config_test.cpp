// LivePortrait's models.yaml: what is read, and the sentences for what does not fit.
#include "models/liveportrait/config.h"

#include <fstream>
#include <iterator>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::models;
using namespace animate;

namespace {

std::string published() {
  std::ifstream file(std::string(ANIMATE_TEST_DATA) + "/../../configs/liveportrait/models.yaml");
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The published text with one piece replaced.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = published();
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& yaml) {
  return test::error_of(ErrorKind::Model, [&] { liveportrait::Config::parse(yaml, "models.yaml"); });
}

}  // namespace

TEST_CASE("the published config says what the defaults say") {
  std::vector<std::string> warnings;
  const liveportrait::Config read = liveportrait::Config::parse(published(), "models.yaml", &warnings);
  const liveportrait::Config defaults;
  CHECK(warnings.empty());
  CHECK(read.appearance.max_features == defaults.appearance.max_features);
  CHECK(read.appearance.num_resblocks == defaults.appearance.num_resblocks);
  CHECK(read.motion.dims == defaults.motion.dims);
  CHECK(read.motion.depths == defaults.motion.depths);
  CHECK(read.warping.dense_motion.max_features == defaults.warping.dense_motion.max_features);
  CHECK(read.spade.out_channels == defaults.spade.out_channels);
  CHECK(read.stitching.hidden_sizes == defaults.stitching.hidden_sizes);
  CHECK(read.eye.hidden_sizes == defaults.eye.hidden_sizes);
  CHECK(read.lip.input_size == defaults.lip.input_size);
  CHECK(read.output_side(256) == 512);
}

TEST_CASE("an unknown key is a warning, a missing one and one of another type are errors") {
  std::vector<std::string> warnings;
  liveportrait::Config::parse(changed("    num_resblocks: 6", "    num_resblocks: 6\n    nonsense: 1"), "models.yaml",
                              &warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.front() ==
        "models.yaml: unknown key 'model_params.appearance_feature_extractor_params.nonsense' is ignored");
  CHECK(
      refusal(changed("    num_resblocks: 6\n", "")) ==
      "models.yaml: 'model_params.appearance_feature_extractor_params.num_resblocks' is missing; give the config of a "
      "LivePortrait model");
  CHECK(refusal(changed("num_resblocks: 6", "num_resblocks: six")) ==
        "models.yaml: 'model_params.appearance_feature_extractor_params.num_resblocks' must be a whole number; correct "
        "the config");
  CHECK(refusal("- 1") == "models.yaml: is not a LivePortrait config (a YAML file with model_params); give that file");
}

TEST_CASE("networks that do not fit each other are told before any weight is read") {
  CHECK(refusal(changed("reshape_depth: 16", "reshape_depth: 8")) ==
        "models.yaml: max_features of the appearance extractor (512) and of the warping module (512) must both be "
        "reshape_channel x reshape_depth, 256; correct the config");
  CHECK(refusal(changed("    num_kp: 21\n    backbone", "    num_kp: 20\n    backbone")) ==
        "models.yaml: num_kp is 20 for the motion extractor and 21 for the warping module; correct the config");
  CHECK(refusal(changed("convnextv2_tiny", "resnet50")) ==
        "models.yaml: the motion extractor's backbone is resnet50, this program knows convnextv2_tiny; give such "
        "weights");
  CHECK(refusal(changed("    upscale: 2\n    block_expansion: 64", "    upscale: 2\n    block_expansion: 32")) ==
        "models.yaml: the warping module gives 256 channels and the spade generator expects 128; correct the config");
  CHECK(refusal(changed("num_kp: 21\n    backbone: convnextv2_tiny",
                        "num_kp: 21\n    backbone: convnextv2_tiny\n    "
                        "depths: [3, 3]")) ==
        "models.yaml: depths and dims of the motion extractor must list four stages; correct the config");
}
