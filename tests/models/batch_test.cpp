// Several frames at once are what single frames are, in every family and whatever the config has.
#include <torch/types.h>

#include <filesystem>

#include "models/fomm/fomm_model.h"
#include "models/liveportrait/liveportrait_model.h"
#include "support/catch.h"

using namespace animate::catalog;
using namespace animate::core;
using namespace animate::models;
using namespace animate::motion;
using namespace animate;

namespace {

struct Kind {
  const char* name;
  bool jacobian = true;
  int64_t channels = 3;
  bool dense_motion = true;
  bool skips = false;
};

std::shared_ptr<const fomm::FommModel> tiny_fomm(const Kind& kind, const Precision& precision = {},
                                                 const cuda::GraphRecorder& recorder = {}) {
  torch::manual_seed(5);
  fomm::Config config;
  config.num_kp = 4;
  config.num_channels = kind.channels;
  config.estimate_jacobian = kind.jacobian;
  config.frame_width = config.frame_height = 64;
  config.kp_detector = {8, 16, 2, 0.1, 0.25, false, 0};
  config.generator = {8, 16, 2, 1, true, kind.dense_motion, {8, 16, 2, 0.25, 0.01}, kind.skips};
  fomm::Networks networks(config);
  if (kind.jacobian) {
    const torch::NoGradGuard no_grad;
    networks.detector->jacobian->weight.uniform_(-0.02, 0.02);
  }
  networks.fold();
  return std::make_shared<fomm::FommModel>("tiny", config, networks, AlignCorners::Off, torch::kCPU, precision,
                                           recorder);
}

std::shared_ptr<const liveportrait::LivePortraitModel> small_liveportrait(const Precision& precision = {},
                                                                          const cuda::GraphRecorder& recorder = {}) {
  torch::manual_seed(3);
  const auto path = std::filesystem::path(ANIMATE_TEST_DATA) / "liveportrait" / "small_models.yaml";
  const auto config = liveportrait::Config::load(path);
  liveportrait::Networks networks(config);
  networks.fold();
  return std::make_shared<liveportrait::LivePortraitModel>("small", config, std::move(networks), FaceModelFiles{},
                                                           torch::kCPU, precision,
                                                           std::function<liveportrait::Networks()>(), recorder);
}

float furthest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<float>(); }

float furthest(const Motion& a, const Motion& b) {
  REQUIRE(a.arrays.size() == b.arrays.size());
  float most = 0;
  for (const auto& [name, array] : a.arrays) {
    const auto& other = b.arrays.at(name);
    REQUIRE(array.shape == other.shape);
    for (size_t i = 0; i < array.values.size(); ++i) {
      most = std::max(most, std::abs(array.values[i] - other.values[i]));
    }
  }
  return most;
}

void check_batches(const DrivenModel& model, int64_t count) {
  INFO(model.info().name << ", " << count << " at once");
  torch::manual_seed(8);
  const auto side = model.info().frame_height;
  const auto source = model.encode_source({torch::rand({1, 3, side, side})});
  const auto crops = torch::rand({count, 3, side, side});
  const auto motions = model.extract_motions({crops});
  REQUIRE(motions.size() == static_cast<size_t>(count));
  const auto frames = model.render_batch(*source, motions, motions.front(), {});
  REQUIRE(frames.size(0) == count);
  for (int64_t i = 0; i < count; ++i) {
    const Motion& motion = motions[static_cast<size_t>(i)];
    CHECK(furthest(motion, model.extract_motion({crops.narrow(0, i, 1)})) < 1e-5F);
    const auto alone = model.render(*source, motion, motions.front(), {});
    CHECK(furthest(frames.narrow(0, i, 1), alone) < 1e-5F);
    if (count == 1) CHECK(torch::equal(frames, alone));
  }
  if (count > 1) CHECK(furthest(motions[0], motions[1]) > 1e-4F);  // else nothing was compared
}

// Stands for a CUDA graph.
struct Rerun : cuda::RecordedWork {
  explicit Rerun(std::function<void()> given) : work(std::move(given)) {}
  void replay() override { work(); }
  std::function<void()> work;
};

cuda::GraphRecorder rerunner(int& records) {
  return [&records](const std::function<void()>& work) {
    ++records;
    return std::make_unique<Rerun>(work);
  };
}

}  // namespace

TEST_CASE("a batch of FOMM frames is what its frames are alone") {
  for (const Kind& kind : {Kind{"plain"}, Kind{"zero order", false}, Kind{"gray", true, 1},
                           Kind{"without motion", true, 3, false}, Kind{"skips", true, 3, true, true}}) {
    INFO(kind.name);
    const auto model = tiny_fomm(kind);
    for (const int64_t count : {1, 2, 5}) check_batches(*model, count);
  }
}

TEST_CASE("a batch of LivePortrait frames is what its frames are alone") {
  const auto model = small_liveportrait();
  for (const int64_t count : {1, 3}) check_batches(*model, count);
}

TEST_CASE("families without batches of their own do frames one by one") {
  check_batches(*load_model({"identity", std::nullopt, {}, {}, {}}, {}), 3);
}

TEST_CASE("LivePortrait paints one appearance for all frames, or one each") {
  const auto model = small_liveportrait();
  torch::manual_seed(2);
  const auto crops = torch::rand({3, 3, 256, 256});
  const auto appearances = model->appearance_of(crops);
  std::vector<Points3> points;
  for (const FaceMotion& motion : model->motions_of(crops)) points.push_back(motion.keypoints());
  const auto own = model->paint_batch(appearances, points, points);
  const auto shared = model->paint_batch(appearances.narrow(0, 0, 1), points, {&points[1], 1});
  for (int64_t i = 0; i < 3; ++i) {
    const auto& at = points[static_cast<size_t>(i)];
    CHECK(furthest(own.narrow(0, i, 1), model->paint(appearances.narrow(0, i, 1), at, at)) < 1e-5F);
    CHECK(furthest(shared.narrow(0, i, 1), model->paint(appearances.narrow(0, 0, 1), at, points[1])) < 1e-5F);
  }
  CHECK(furthest(own.narrow(0, 1, 1), shared.narrow(0, 1, 1)) > 1e-4F);
}

TEST_CASE("sixteen bits and channels last paint nearly the same FOMM frames") {
  torch::manual_seed(4);
  const auto image = torch::rand({1, 3, 64, 64});
  const auto crops = torch::rand({2, 3, 64, 64});
  for (const bool skips : {false, true}) {
    const Kind kind{"", true, 3, true, skips};
    const auto exact = tiny_fomm(kind);
    const auto motions = exact->extract_motions({crops});
    const auto expected = exact->render_batch(*exact->encode_source({image}), motions, motions.front(), {});
    Precision last;
    last.channels_last = true;
    const auto ordered = tiny_fomm(kind, last);
    CHECK(furthest(ordered->render_batch(*ordered->encode_source({image}), motions, motions.front(), {}), expected) <
          1e-5F);
    Precision sixteen(torch::kBFloat16);
    sixteen.channels_last = true;
    const auto rounded = tiny_fomm(kind, sixteen);
    const auto frames = rounded->render_batch(*rounded->encode_source({image}), motions, motions.front(), {});
    CHECK(frames.scalar_type() == torch::kFloat);
    CHECK((frames - expected).abs().mean().item<double>() < 0.01);
    CHECK(furthest(frames, expected) > 0);
  }
}

TEST_CASE("channels last paints the same LivePortrait frame") {
  torch::manual_seed(4);
  const auto crop = torch::rand({1, 3, 256, 256});
  const auto exact = small_liveportrait();
  const Points3 points = exact->motion_of(crop).keypoints();
  Precision last;
  last.channels_last = true;
  const auto ordered = small_liveportrait(last);
  CHECK(furthest(ordered->paint(ordered->appearance_of(crop), points, points),
                 exact->paint(exact->appearance_of(crop), points, points)) < 1e-5F);
}

TEST_CASE("after its warm-up a model has recorded what a clip needs") {
  int records = 0;
  const auto fomm = tiny_fomm({"skips", true, 3, true, true}, {}, rerunner(records));
  fomm->warm_up(2);
  CHECK(records == 2);
  check_batches(*fomm, 2);
  const int after_fomm = records;
  const auto portrait = small_liveportrait({}, rerunner(records));
  portrait->warm_up(2);
  CHECK(records == after_fomm + 2);
  torch::manual_seed(4);
  const auto crops = torch::rand({2, 3, 256, 256});
  std::vector<Points3> points;
  for (const FaceMotion& motion : portrait->motions_of(crops)) points.push_back(motion.keypoints());
  portrait->paint_batch(portrait->appearance_of(crops.narrow(0, 0, 1)), points, points);
  CHECK(records == after_fomm + 2);
}

TEST_CASE("recorded networks give what the networks give, for every source") {
  int records = 0;
  const auto plain = tiny_fomm({"skips", true, 3, true, true});
  const auto recorded = tiny_fomm({"skips", true, 3, true, true}, {}, rerunner(records));
  torch::manual_seed(6);
  for (int i = 0; i < 5; ++i) {
    const auto image = torch::rand({1, 3, 64, 64});
    const auto crops = torch::rand({2, 3, 64, 64});
    const auto motions = plain->extract_motions({crops});
    CHECK((recorded->extract_motions({crops}) == motions));
    CHECK(torch::equal(recorded->render_batch(*recorded->encode_source({image}), motions, motions.front(), {}),
                       plain->render_batch(*plain->encode_source({image}), motions, motions.front(), {})));
  }
  CHECK(records == 2);
  records = 0;
  const auto portrait = small_liveportrait();
  const auto recorded_portrait = small_liveportrait({}, rerunner(records));
  for (int i = 0; i < 3; ++i) {
    const auto crop = torch::rand({1, 3, 256, 256});
    const Points3 points = portrait->motion_of(crop).keypoints();
    CHECK((recorded_portrait->motion_of(crop).keypoints() == points));
    const auto appearance = portrait->appearance_of(crop);
    CHECK(torch::equal(recorded_portrait->paint(appearance, points, points),
                       portrait->paint(appearance, points, points)));
  }
  CHECK(records == 2);
}
