// A morph by motion against a plain dissolve, on drawn heads that no model was trained on, with the model that ships
// (engine/README.md#morph). Half way is looked at, where both pictures are seen alike.
#include <spdlog/fmt/fmt.h>

#include <array>
#include <memory>
#include <vector>

#include "catalog/default_model.h"
#include "core/dissolve.h"
#include "evaluate/head_judge.h"
#include "evaluate/picture_measures.h"
#include "heads/head_renderer.h"
#include "models/registry.h"
#include "motion/interpolate_motion.h"
#include "support/catch.h"
#include "support/skip.h"

using namespace animate::evaluate;
using namespace animate::models;
using namespace animate;

namespace {

constexpr uint64_t kFirstHead = 100300;
constexpr int kPairs = 12;

torch::Tensor drawn(const heads::Head& head, int64_t side) {
  heads::RenderOptions options;
  options.size = side;
  return heads::render_heads(std::array{head}, options);
}

// Mean length of the gradient.
double sharpness(const torch::Tensor& picture) {
  const auto right = picture.slice(3, 1).slice(2, 1) - picture.slice(3, 0, -1).slice(2, 1);
  const auto down = picture.slice(2, 1).slice(3, 1) - picture.slice(2, 0, -1).slice(3, 1);
  return (right.square() + down.square()).sqrt().mean().item<double>();
}

float mean(float a, float b) { return (a + b) / 2; }

heads::Head middle(const heads::Head& a, const heads::Head& b) {
  heads::Head head = a;
  head.pose = {mean(a.pose.x, b.pose.x),       mean(a.pose.y, b.pose.y),     mean(a.pose.scale, b.pose.scale),
               mean(a.pose.roll, b.pose.roll), mean(a.pose.yaw, b.pose.yaw), mean(a.pose.pitch, b.pose.pitch)};
  const auto& [left_a, right_a, mouth_a, smile_a, brow_a, x_a, y_a] = a.expression;
  const auto& [left_b, right_b, mouth_b, smile_b, brow_b, x_b, y_b] = b.expression;
  head.expression = {mean(left_a, left_b), mean(right_a, right_b), mean(mouth_a, mouth_b), mean(smile_a, smile_b),
                     mean(brow_a, brow_b), mean(x_a, x_b),         mean(y_a, y_b)};
  return head;
}

struct Halves {
  torch::Tensor from, to;         // true
  torch::Tensor first, last;      // painted in their own poses
  torch::Tensor morph, dissolve;  // half way
};

class Morpher {
 public:
  Morpher() {
    const auto files = ModelFiles::open(catalog::find_model({catalog::kDrawnHeads, {}}));
    model_ = load_model(files, {});
  }

  int64_t side() const { return model_->info().frame_width; }

  Halves halves(const heads::Head& a, const heads::Head& b) const {
    MotionOptions absolute;
    absolute.relative = false;
    Halves made;
    made.from = drawn(a, side());
    made.to = drawn(b, side());
    const auto one = model_->encode_source({made.from});
    const auto other = model_->encode_source({made.to});
    const auto start = model_->extract_motion({made.from});
    const auto end = model_->extract_motion({made.to});
    const auto half = motion::interpolate(start, end, 0.5);
    made.first = model_->render(*one, start, start, absolute);
    made.last = model_->render(*other, end, end, absolute);
    made.morph =
        core::dissolve(model_->render(*one, half, half, absolute), model_->render(*other, half, half, absolute),
                       std::array{motion::dissolve_weights(0.5, 0.4)});
    made.dissolve = (made.from + made.to) / 2;
    return made;
  }

 private:
  std::shared_ptr<const DrivenModel> model_;
};

// How far the judge's keypoints of `picture` are from the mean of both ends', in sides of the picture.
double stray(const HeadJudge& judge, const Halves& halves, const torch::Tensor& picture) {
  const auto wanted = (judge.points(halves.from) + judge.points(halves.to)) / 2;
  return (judge.points(picture) - wanted).square().sum(-1).sqrt().mean().item<double>() / 2;
}

}  // namespace

TEST_CASE("half way a morph by motion is one sharp face where a dissolve is two", "[optional]") {
  const auto judge = HeadJudge::find(torch::kCPU);
  if (judge == nullptr) {
    return test::skip("configs/default/judge/heads.safetensors is not trained yet (scripts/train_judge.sh)");
  }
  const Morpher morpher;
  double stray_same = 0, stray_other = 0, stray_dissolve = 0;
  double sharp = 0, sharp_painted = 0, sharp_true = 0, sharp_dissolve = 0;
  double error = 0, error_dissolve = 0;
  for (int i = 0; i < kPairs; ++i) {
    const uint64_t seed = kFirstHead + static_cast<uint64_t>(i);
    const heads::Head a = heads::sample_head(seed, 0, 0.7F);
    heads::Head b = heads::sample_head(seed, 1, 0.7F);
    b.scene = a.scene;
    const Halves same = morpher.halves(a, b);
    const auto truth = drawn(middle(a, b), morpher.side());
    stray_same += stray(*judge, same, same.morph) / kPairs;
    error += mean_absolute_difference(same.morph, truth) / kPairs;
    error_dissolve += mean_absolute_difference(same.dissolve, truth) / kPairs;

    const Halves other = morpher.halves(a, heads::sample_head(seed + 50, 1, 0.7F));
    stray_other += stray(*judge, other, other.morph) / kPairs;
    stray_dissolve += stray(*judge, other, other.dissolve) / kPairs;
    sharp += sharpness(other.morph) / kPairs;
    sharp_dissolve += sharpness(other.dissolve) / kPairs;
    sharp_painted += (sharpness(other.first) + sharpness(other.last)) / 2 / kPairs;
    sharp_true += (sharpness(other.from) + sharpness(other.to)) / 2 / kPairs;
  }
  fmt::print(
      "keypoints from the mean of the ends, % of the side: same identity {:.2f}, another {:.2f}, dissolve {:.2f}\n",
      100 * stray_same, 100 * stray_other, 100 * stray_dissolve);
  fmt::print("sharpness: morph {:.4f}, painted ends {:.4f}, true ends {:.4f}, dissolve {:.4f}\n", sharp, sharp_painted,
             sharp_true, sharp_dissolve);
  fmt::print("L1 to the drawn middle pose: morph {:.4f}, dissolve {:.4f}\n", error, error_dissolve);
  CHECK(stray_same < 0.02);
  CHECK(stray_other < 0.02);
  CHECK(sharp > 0.9 * sharp_painted);
  CHECK(error < 0.7 * error_dissolve);
}
