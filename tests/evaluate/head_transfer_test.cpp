// Transfer measured on models that know the truth: one that draws it, and one that never moves.
#include "evaluate/head_transfer.h"

#include <map>

#include "core/float_array.h"
#include "evaluate/keypoint_set.h"
#include "heads/head_motion.h"
#include "heads/head_renderer.h"
#include "support/catch.h"
#include "support/skip.h"

using namespace animate::core;
using namespace animate::evaluate;
using namespace animate::heads;
using namespace animate::models;
using namespace animate::motion;
using namespace animate;

namespace {

constexpr int64_t kSide = 64, kFrames = 45;  // long enough for a blink
constexpr uint64_t kSeed = 100000;

heads::Color other(const heads::Color& color) {
  const auto away = [](float level) { return level > 0.5F ? level - 0.5F : level + 0.5F; };
  return {away(color.r), away(color.g), away(color.b)};
}

struct OracleSource : Source {
  size_t variety = 0;  // the head in its own colours, with another skin, with other hair
};

// Recognises every picture of the first transfer by its pixels, and draws the head that a perfect model would paint.
class Oracle : public DrivenModel {
 public:
  explicit Oracle(bool moves) : moves_(moves), clip_(heads::smooth_motion(kSeed + 1, kFrames)) {
    for (size_t i = 0; i < varieties_.size(); ++i) varieties_[i] = transfer_source(kSeed);
    varieties_[1].identity.skin = other(varieties_[1].identity.skin);
    varieties_[2].identity.hair = other(varieties_[2].identity.hair);
    for (size_t i = 0; i < varieties_.size(); ++i) sources_[name(draw(varieties_[i]))] = i;
    for (int64_t t = 0; t < kFrames; ++t) {
      for (const auto& head : {transferred(varieties_[0], t), driver(t)}) {
        const heads::HeadTruth truth = heads::truth_of(head);
        Motion motion;
        motion.arrays["value"] = {{1, heads::kKeypoints, 2}, flat(truth.points)};
        motion.arrays["jacobian"] = {{1, heads::kKeypoints, 2, 2}, flat(truth.frames)};
        motion.arrays["time"] = {{1}, {static_cast<float>(t)}};
        motions_[name(draw(head))] = motion;
      }
    }
  }

  const ModelInfo& info() const override { return info_; }
  torch::Device device() const override { return torch::kCPU; }
  std::unique_ptr<const Source> encode_source(const Crop& source) const override {
    auto kept = std::make_unique<OracleSource>();
    kept->variety = sources_.at(name(source.image));
    return kept;
  }
  Motion extract_motion(const Crop& driving) const override { return motions_.at(name(driving.image)); }
  torch::Tensor render(const Source& source, const Motion& driving, const Motion&,
                       const MotionOptions& options) const override {
    CHECK(options.relative);
    CHECK(options.relative_jacobian);
    const auto time = static_cast<int64_t>(driving.arrays.at("time").values.front());
    return draw(transferred(varieties_[static_cast<const OracleSource&>(source).variety], moves_ ? time : 0));
  }
  double pose_distance(const Source&, const Motion&) const override { return 0; }
  std::vector<Point> keypoints(const Motion&) const override { return {}; }
  std::vector<Point> source_keypoints(const Source&) const override { return {}; }
  std::vector<Point> applied_keypoints(const Source&, const Motion&, const Motion&,
                                       const MotionOptions&) const override {
    return {};
  }

 private:
  heads::Head driver(int64_t t) const {
    heads::Head head = heads::sample_head(kSeed + 1, static_cast<uint64_t>(t));
    head.pose = clip_[static_cast<size_t>(t)].pose;
    head.expression = clip_[static_cast<size_t>(t)].expression;
    return head;
  }
  heads::Head transferred(const heads::Head& head, int64_t t) const {
    return heads::transferred(head, clip_.front(), clip_[static_cast<size_t>(t)]);
  }
  torch::Tensor draw(const heads::Head& head) const {
    return heads::render_heads(std::array{head}, {kSide, torch::kCPU, 0});
  }
  static std::string name(const torch::Tensor& picture) {
    const auto flat = picture.contiguous();
    return {static_cast<const char*>(flat.data_ptr()), flat.nbytes()};
  }
  template <size_t N, size_t M>
  static std::vector<float> flat(const std::array<std::array<float, N>, M>& rows) {
    return {rows.front().data(), rows.front().data() + N * M};
  }

  bool moves_;
  std::vector<heads::HeadMotion> clip_;
  std::array<heads::Head, 3> varieties_;
  std::map<std::string, size_t> sources_;
  std::map<std::string, Motion> motions_;
  ModelInfo info_{"oracle", "oracle", kSide, kSide, 0};
};

std::map<std::string, double> measured(const DrivenModel& model, const HeadJudge* judge = nullptr) {
  EvaluateJob job;
  job.options.transfers = 1;
  job.options.frames = kFrames;
  ContactSheet sheet;
  sheet.begin_model();
  NoProgress progress;
  const EvaluatedPart part = transfer_heads({model, job, nullptr, judge, sheet, {}, progress, {}});
  std::map<std::string, double> values;
  for (const EvaluatedFigure& figure : part.figures) values[figure.name] = figure.mean;
  return values;
}

}  // namespace

TEST_CASE("a model that paints the truth gets full marks for its transfer") {
  auto values = measured(Oracle(true));
  CHECK(values.at("l1") == 0);
  CHECK(values.at("ssim") == Approx(1));
  for (const char* name : {"mouth_l1", "eyes_l1"}) CHECK(values.at(name) == 0);
  CHECK(values.at("counted") > 0.7);
  for (const char* name : {"skin_colour", "hair_colour"}) CHECK(values.at(name) == 0);
  for (const char* name : {"skin_shape", "hair_shape"}) CHECK(values.at(name) == 1);
  CHECK(values.at("yaw") > 0.98);
  CHECK(values.at("mouth") > 0.9999);
  CHECK(values.at("blink") > 0.9999);
  for (const char* name : {"yaw_driver", "mouth_driver", "blink_driver"}) CHECK(values.at(name) > 0.9999);
  CHECK(values.at("jitter") > 0);
  CHECK(values.at("jitter") == Approx(values.at("jitter_real")).epsilon(0.3));
}

TEST_CASE("a model that never moves gets none for following") {
  auto values = measured(Oracle(false));
  CHECK(values.at("l1") > 0.01);
  CHECK(values.at("mouth_l1") > values.at("l1"));
  CHECK(values.at("skin_shape") < 0.97);
  for (const char* name : {"yaw", "mouth", "blink"}) CHECK(values.at(name) == 0);
  CHECK(values.at("yaw_driver") > 0.9999);
  CHECK(values.at("jitter") == 0);
  CHECK(values.at("jitter_real") > 0);
}

TEST_CASE("the judge tells a model that moves from one that does not, and is as good as on the truth", "[optional]") {
  const auto judge = HeadJudge::find(torch::kCPU);
  if (judge == nullptr)
    return test::skip("configs/default/judge/heads.safetensors is not trained yet (scripts/train_judge.sh)");
  auto moving = measured(Oracle(true), judge.get());
  for (const char* name : {"yaw", "mouth", "blink"}) {
    INFO(name);
    CHECK(moving.at(std::string(name) + "_judged") == Approx(moving.at(std::string(name) + "_judge")));
    CHECK(moving.at(std::string(name) + "_judge") > 0.8);  // 64 pixels are few
  }
  auto still = measured(Oracle(false), judge.get());
  for (const char* name : {"yaw", "mouth", "blink"}) CHECK(std::abs(still.at(std::string(name) + "_judged")) < 0.5);
}
