#include "evaluate/head_judge.h"

#include <array>
#include <vector>

#include "core/weights.h"
#include "evaluate/head_movement.h"
#include "heads/head_renderer.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/skip.h"
#include "support/temp_dir.h"

using namespace animate::core;
using namespace animate::evaluate;
using namespace animate::heads;
using namespace animate;

TEST_CASE("the judge that ships reads heads nobody trained it on", "[optional]") {
  const auto judge = HeadJudge::find(torch::kCPU);
  if (judge == nullptr)
    return test::skip("configs/default/judge/heads.safetensors is not trained yet (scripts/train_judge.sh)");
  std::array<std::vector<double>, kReadings> drawn, read;
  for (uint64_t i = 0; i < 160; ++i) {
    const heads::Head head = heads::sample_head(200500 + i / 4, i);
    const auto readings = judge->read(heads::render_heads(std::array{head}, {128, torch::kCPU, 0}));
    REQUIRE(readings.sizes() == torch::IntArrayRef({1, kReadings}));
    const auto& mood = head.expression;
    const std::array truth{head.pose.yaw, mood.mouth, mood.left_eye, mood.right_eye};
    for (size_t k = 0; k < kReadings; ++k) {
      drawn[k].push_back(truth[k]);
      read[k].push_back(readings[0][static_cast<int64_t>(k)].item<double>());
    }
  }
  for (size_t k = 0; k < kReadings; ++k) {
    CAPTURE(k);
    CHECK(*correlation(drawn[k], read[k]) > 0.97);
  }
}

TEST_CASE("it sees pictures of every size alike", "[optional]") {
  const auto judge = HeadJudge::find(torch::kCPU);
  if (judge == nullptr)
    return test::skip("configs/default/judge/heads.safetensors is not trained yet (scripts/train_judge.sh)");
  const std::array head{heads::sample_head(200001, 3)};
  const auto large = judge->read(heads::render_heads(head, {256, torch::kCPU, 0}));
  const auto small = judge->read(heads::render_heads(head, {128, torch::kCPU, 0}));
  CHECK((large - small).abs().max().item<double>() < 0.1);
  CHECK(as_judge_sees(torch::zeros({2, 3, 64, 64})).sizes() == torch::IntArrayRef({2, 3, 128, 128}));
}

TEST_CASE("a file that is no judge is refused") {
  const test::TempDir dir;
  save_tensors(dir / "other.safetensors", {{"a", torch::zeros({2})}}, {});
  CHECK(test::error_of(ErrorKind::Model, [&] {
          HeadJudge(dir / "other.safetensors", torch::kCPU);
        }).find("head judge") != std::string::npos);
}
