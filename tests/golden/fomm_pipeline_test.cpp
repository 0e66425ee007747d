// Every stage of the FOMM networks against the original's numbers: the pipeline_* cases of the fixture folder.
#include "core/weights.h"
#include "models/fomm/fomm_model.h"
#include "support/catch.h"
#include "support/golden.h"

using namespace animate::core;
using namespace animate::checkpoint;
using namespace animate::models;
using namespace animate;
using fomm::Keypoints;

namespace {

void compare_keypoints(test::GoldenCase& golden, const std::string& name,
                       const fomm::KeypointDetectorImpl::Output& found) {
  golden.compare(name + "/value", found.keypoints.value);
  golden.compare(name + "/jacobian", found.keypoints.jacobian);
  golden.compare(name + "/heatmap", found.heatmap);
  golden.compare(name + "/feature_map", found.feature_map);
}

void compare_generated(test::GoldenCase& golden, const std::string& prefix, const torch::Tensor& source,
                       const fomm::OcclusionAwareGeneratorImpl::Output& out, AlignCorners align) {
  if (out.motion.deformation.defined()) {
    golden.compare("dense/heatmap_diff", out.motion.heatmap_diff);
    golden.compare("dense/sparse_motion", out.motion.sparse_motion);
    golden.compare(prefix + "dense/hourglass", out.motion.hourglass);
    golden.compare(prefix + "dense/sparse_deformed", out.motion.sparse_deformed);
    golden.compare(prefix + "dense/mask", out.motion.mask);
    golden.compare(prefix + "dense/deformation", out.motion.deformation);
    golden.compare(prefix + "dense/occlusion_map", out.motion.occlusion_map);
    golden.compare(prefix + "generator/deformed", fomm::warp(source, out.motion.deformation, align));
  }
  golden.compare(prefix + "generator/bottleneck_in", out.bottleneck_in);
  golden.compare(prefix + "generator/prediction", out.prediction);
}

enum class Form { Published, Folded, Winograd };
constexpr std::array kForms{std::pair(Form::Published, ""), std::pair(Form::Folded, " folded"),
                            std::pair(Form::Winograd, " folded, by Winograd")};

void run_case(test::GoldenCase& golden, const std::filesystem::path& checkpoint, Form form) {
  const c10::InferenceMode guard;
  fomm::Networks networks(fomm::Config::load(golden.config()));
  networks.load(Checkpoint::open(checkpoint));
  if (form != Form::Published) networks.fold();
  networks.detector->to(test::device());
  networks.generator->to(test::device());
  if (form == Form::Winograd) networks.use_fast_convolutions(nn::ConvMode::Winograd);
  const auto source = golden.input("source");
  const auto driving = golden.input("driving");

  const auto kp_source = networks.detector->detect(source);
  const auto kp_driving = networks.detector->detect(driving);
  compare_keypoints(golden, "kp_source", kp_source);
  compare_keypoints(golden, "kp_driving", kp_driving);

  auto& generator = *networks.generator;
  const auto encoded = generator.encode(source);
  golden.compare("generator/encoded", encoded.features);
  if (encoded.small.defined()) golden.compare("dense/source_down", encoded.small);
  for (const auto& [align, prefix] :
       {std::pair(AlignCorners::Off, "align0/"), std::pair(AlignCorners::On, "align1/")}) {
    const auto out = generator.generate(encoded, kp_driving.keypoints, kp_source.keypoints, align);
    compare_generated(golden, prefix, source, out, align);
    // A network without motion samples nothing: its result stands without the align part.
    compare_generated(golden, "", source, out, align);
  }
  golden.require_all_compared();
}

}  // namespace

TEST_CASE("FOMM networks agree with the original in every stage") {
  const auto root = test::fixtures_root() / "fomm";
  const auto index = test::read_json(root / "index.json");
  const auto names = test::golden_cases(index, root, "pipeline_");
  REQUIRE_FALSE(names.empty());
  for (const std::string& name : names) {
    const auto checkpoints = test::GoldenCase(root, name, index).checkpoints();
    REQUIRE_FALSE(checkpoints.empty());
    for (const auto& checkpoint : checkpoints) {
      for (const auto& [form, words] : kForms) {
        if (form == Form::Winograd && !test::device().is_cpu()) continue;
        DYNAMIC_SECTION(name << " " << checkpoint.filename().string() << words) {
          test::GoldenCase golden(root, name, index);
          run_case(golden, checkpoint, form);
        }
      }
    }
  }
}

TEST_CASE("module names equal the published state dict keys") {
  const auto root = test::fixtures_root() / "fomm";
  const auto index = test::read_json(root / "index.json");
  for (const std::string& name : test::golden_cases(index, root, "pipeline_")) {
    const test::GoldenCase golden(root, name, index);
    const fomm::Networks networks(fomm::Config::load(golden.config()));
    const auto checkpoint = Checkpoint::open(golden.checkpoints().front());
    INFO(name);
    CHECK(state_names(*networks.detector) == checkpoint.scope("kp_detector").names());
    CHECK(state_names(*networks.generator) == checkpoint.scope("generator").names());
  }
}
