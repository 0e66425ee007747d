#include "models/fomm/fomm_model.h"

#include <thread>

#include "core/weights.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"
#include "support/skip.h"

using namespace animate::checkpoint;
using namespace animate::core;
using namespace animate::models;
using namespace animate::motion;
using namespace animate;

namespace {

fomm::Config tiny_config(bool jacobian = true) {
  fomm::Config config;
  config.num_kp = 4;
  config.num_channels = 3;
  config.estimate_jacobian = jacobian;
  config.frame_width = config.frame_height = 64;
  config.kp_detector = {8, 16, 2, 0.1, 0.25, false, 0};
  config.generator = {8, 16, 2, 1, true, true, {8, 16, 2, 0.25, 0.01}};
  return config;
}

std::shared_ptr<const DrivenModel> tiny_model() {
  torch::manual_seed(5);
  const auto config = tiny_config();
  fomm::Networks networks(config);
  networks.fold();
  return std::make_shared<fomm::FommModel>("tiny", config, networks, AlignCorners::Off, torch::kCPU, false);
}

}  // namespace

TEST_CASE("every registered family round-trips a motion and animates two frames") {
  const auto image = torch::rand({1, 3, 64, 64});
  const auto identity = load_model({"identity", std::nullopt, {}, {}, {}}, {});
  for (const auto& model : {tiny_model(), identity}) {
    INFO(model->info().family);
    const auto source = model->encode_source({image});
    const Motion first = model->extract_motion({torch::rand({1, 3, 64, 64})});
    const Motion second = model->extract_motion({torch::rand({1, 3, 64, 64})});
    for (const Motion& motion : {first, second}) {
      const auto frame = model->render(*source, motion, first, {});
      CHECK(frame.sizes() == torch::IntArrayRef({1, 3, 64, 64}));
      CHECK(frame.min().item<float>() >= 0);
      CHECK(frame.max().item<float>() <= 1);
    }
    CHECK(model->pose_distance(*source, first) >= 0);
  }
}

TEST_CASE("relative motion from a frame to itself leaves the source's pose") {
  const auto model = tiny_model();
  const auto source = model->encode_source({torch::rand({1, 3, 64, 64})});
  const Motion motion = model->extract_motion({torch::rand({1, 3, 64, 64})});
  const auto at_rest = model->applied_keypoints(*source, motion, motion, {});
  const auto own = model->source_keypoints(*source);
  REQUIRE(at_rest.size() == own.size());
  for (size_t i = 0; i < own.size(); ++i) {
    CHECK(at_rest[i].x == Approx(own[i].x).margin(1e-6));
    CHECK(at_rest[i].y == Approx(own[i].y).margin(1e-6));
  }
}

TEST_CASE("two threads share one model and see the same frames") {
  const auto model = tiny_model();
  const auto source = model->encode_source({torch::rand({1, 3, 64, 64})});
  const Motion motion = model->extract_motion({torch::rand({1, 3, 64, 64})});
  const auto expected = model->render(*source, motion, motion, {});
  std::array<torch::Tensor, 2> results;
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i) result = model->render(*source, motion, motion, {});
      });
    }
  }
  for (const auto& result : results) CHECK((result - expected).abs().max().item<float>() < 1e-5F);
}

TEST_CASE("motion of another model is refused in words") {
  const auto model = tiny_model();
  const auto source = model->encode_source({torch::rand({1, 3, 64, 64})});
  const Motion good = model->extract_motion({torch::rand({1, 3, 64, 64})});
  Motion bad = good;
  bad.arrays["value"] = {{1, 7, 2}, std::vector<float>(14)};
  CHECK(test::error_of(ErrorKind::Input, [&] { model->render(*source, bad, good, {}); }) ==
        "the motion is not of 4 keypoints as this model needs; make the template with this model");
  bad = good;
  bad.arrays.erase("jacobian");
  CHECK(test::error_of(ErrorKind::Input, [&] { model->render(*source, bad, good, {}); }) ==
        "the motion has no Jacobians, which this model needs; make the template with this model");
}

TEST_CASE("a published keypoint detector loads and finds keypoints", "[optional]") {
  const auto path = test::material("weights/kpgx_kp_detector_state_dict.pt");
  if (path.empty()) return test::skip("weights/kpgx_kp_detector_state_dict.pt is not in $ANIMATE_MATERIAL");
  fomm::Config config;
  config.num_kp = 10;
  config.num_channels = 3;
  config.estimate_jacobian = true;
  config.kp_detector = {32, 1024, 3, 0.1, 0.25, false, 0};
  fomm::KeypointDetector detector(config);
  load_state(*detector, Checkpoint::open(path).scope(""), "kp_detector");
  detector->eval();
  const c10::InferenceMode guard;
  const auto found = detector->forward(torch::rand({1, 3, 256, 256}));
  CHECK(found.value.sizes() == torch::IntArrayRef({1, 10, 2}));
  CHECK(found.value.abs().max().item<float>() <= 1);
  CHECK(torch::isfinite(found.jacobian).all().item<bool>());
}
