#include "evaluate/head_transfer.h"

#include <algorithm>
#include <array>

#include "evaluate/head_movement.h"
#include "evaluate/head_regions.h"
#include "heads/head_motion.h"
#include "heads/head_renderer.h"

namespace animate::evaluate {
namespace {

constexpr int64_t kRegionEvery = 4;        // frames
constexpr double kAnswer = 0.1;            // change of a pixel that counts as an answer to another colour
constexpr double kSmallestRegion = 0.005;  // share of the picture
constexpr int64_t kSheetTransfers = 4;

constexpr auto kTransferKinds = std::to_array<FigureKind>({
    {"l1", "L1", "0..1", 4},
    {"psnr", "PSNR", "dB", 2},
    {"ssim", "SSIM", "0..1", 4},
    {"mouth_l1", "mouth L1", "0..1", 4},
    {"mouth_psnr", "mouth PSNR", "dB", 2},
    {"eyes_l1", "eyes L1", "0..1", 4},
    {"eyes_psnr", "eyes PSNR", "dB", 2},
    {"counted", "counted", "share", 3},
    {"skin_colour", "skin colour", "0..1", 4},
    {"hair_colour", "hair colour", "0..1", 4},
    {"skin_shape", "skin shape", "IoU", 3},
    {"hair_shape", "hair shape", "IoU", 3},
    {"yaw", "yaw", "r", 3},
    {"mouth", "mouth", "r", 3},
    {"blink", "blink", "r", 3},
    {"yaw_driver", "yaw driver", "r", 3},
    {"mouth_driver", "mouth driver", "r", 3},
    {"blink_driver", "blink driver", "r", 3},
    {"yaw_judged", "yaw judged", "r", 3},
    {"mouth_judged", "mouth judged", "r", 3},
    {"blink_judged", "blink judged", "r", 3},
    {"yaw_judge", "judge's yaw", "r", 3},
    {"mouth_judge", "judge's mouth", "r", 3},
    {"blink_judge", "judge's blink", "r", 3},
    {"jitter", "jitter", "[-1,1]", 5},
    {"jitter_real", "jitter real", "[-1,1]", 5},
});

// Each channel moved by half its range, to the side where there is room.
heads::Color other(const heads::Color& color) {
  const auto away = [](float level) { return level > 0.5F ? level - 0.5F : level + 0.5F; };
  return {away(color.r), away(color.g), away(color.b)};
}

heads::Head moved(heads::Head head, const heads::HeadMotion& motion) {
  head.pose = motion.pose;
  head.expression = motion.expression;
  return head;
}

// One of the two things that carry an identity.
struct Part {
  const char* colour;
  const char* shape;
  heads::Color heads::Identity::*field;
};
constexpr std::array kParts{Part{"skin_colour", "skin_shape", &heads::Identity::skin},
                            Part{"hair_colour", "hair_shape", &heads::Identity::hair}};

// [H, W], true where the pictures differ.
torch::Tensor answer(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().mean(1)[0] > kAnswer; }

double share(const torch::Tensor& mask) { return mask.to(torch::kFloat64).mean().item<double>(); }

torch::Tensor mean_colour(const torch::Tensor& picture, const torch::Tensor& mask) {
  return picture[0].to(torch::kFloat64).index({torch::indexing::Slice(), mask}).mean(1);
}

// What the keypoints of a series of frames did.
class Movements {
 public:
  void add(const std::optional<KeypointSet>& keypoints) {
    if (!keypoints || !are_of_a_head(*keypoints)) return;
    const HeadMovement movement = movement_of(*keypoints);
    yaw_.push_back(movement.yaw);
    if (movement.mouth) mouth_.push_back(*movement.mouth);
    if (movement.blink) blink_.push_back(*movement.blink);
    jitter_.add(*keypoints);
  }

  void compare(const Movements& truth, const std::string& suffix, Tally& tally) const {
    const auto add = [&](const char* name, const std::vector<double>& a, const std::vector<double>& b) {
      if (a.size() != b.size()) return;
      if (const auto r = correlation(a, b)) tally.add(name + suffix, *r);
    };
    add("yaw", truth.yaw_, yaw_);
    add("mouth", truth.mouth_, mouth_);
    add("blink", truth.blink_, blink_);
  }

  const Jitter& jitter() const { return jitter_; }

 private:
  std::vector<double> yaw_, mouth_, blink_;
  Jitter jitter_;
};

// One source identity: its picture, and its pictures in other colours, as the model keeps them.
class Animated {
 public:
  Animated(const Task& task, heads::Head head)
      : model_(task.model), drawing_{task.model.info().frame_width, task.model.device(), 0}, head_(std::move(head)) {
    picture_ = draw(head_);
    source_ = model_.encode_source({picture_});
    for (size_t i = 0; i < kParts.size(); ++i) recoloured_[i] = model_.encode_source({draw(recolour(head_, i))});
  }

  const heads::Head& head() const { return head_; }
  const torch::Tensor& picture() const { return picture_; }
  torch::Tensor result(const motion::Motion& driving, const motion::Motion& reference) const {
    return model_.render(*source_, driving, reference, {});
  }

  void compare_parts(const heads::Head& right, const motion::Motion& driving, const motion::Motion& reference,
                     const torch::Tensor& truth, const torch::Tensor& result, Tally& tally) const {
    for (size_t i = 0; i < kParts.size(); ++i) {
      const auto region = answer(truth, draw(recolour(right, i)));
      if (share(region) < kSmallestRegion) continue;
      const auto difference = mean_colour(truth, region) - mean_colour(result, region);
      tally.add(kParts[i].colour, difference.abs().mean().item<double>());
      const auto answers = answer(result, model_.render(*recoloured_[i], driving, reference, {}));
      tally.add(kParts[i].shape, share(region & answers) / share(region | answers));
    }
  }

  torch::Tensor draw(const heads::Head& head) const { return heads::render_heads(std::array{head}, drawing_); }

 private:
  static heads::Head recolour(heads::Head head, size_t part) {
    heads::Color& color = head.identity.*(kParts[part].field);
    color = other(color);
    return head;
  }

  const models::DrivenModel& model_;
  heads::RenderOptions drawing_;
  heads::Head head_;
  torch::Tensor picture_;
  std::unique_ptr<const models::Source> source_;
  std::array<std::unique_ptr<const models::Source>, kParts.size()> recoloured_;
};

// What the separate judge reads from a series of pictures, beside what drew the truth.
class JudgedMovements {
 public:
  void add(const HeadJudge& judge, const heads::Head& right, const torch::Tensor& truth, const torch::Tensor& result) {
    const auto readings = judge.read(torch::cat({truth.to(torch::kCPU), result.to(torch::kCPU)}));
    const auto& mood = right.expression;
    drawn_.add(right.pose.yaw, mood.mouth, (mood.left_eye + mood.right_eye) / 2);
    in_truth_.add(readings[0]);
    in_result_.add(readings[1]);
  }

  void compare(Tally& tally) const {
    const auto add = [&](const std::string& name, const std::vector<double> Series::*values) {
      if (const auto r = correlation(drawn_.*values, in_result_.*values)) tally.add(name + "_judged", *r);
      if (const auto r = correlation(drawn_.*values, in_truth_.*values)) tally.add(name + "_judge", *r);
    };
    add("yaw", &Series::yaw);
    add("mouth", &Series::mouth);
    add("blink", &Series::blink);
  }

 private:
  struct Series {
    std::vector<double> yaw, mouth, blink;
    void add(double a, double b, double c) { yaw.push_back(a), mouth.push_back(b), blink.push_back(c); }
    void add(const torch::Tensor& readings) {
      const auto value = [&](Reading which) { return readings[which].item<double>(); };
      add(value(kYaw), value(kMouth), (value(kLeftEye) + value(kRightEye)) / 2);
    }
  };
  Series drawn_, in_truth_, in_result_;
};

void compare_regions(const heads::Head& right, const torch::Tensor& truth, const torch::Tensor& result, Tally& tally) {
  const heads::HeadTruth keypoints = heads::truth_of(right);
  const int64_t size = truth.size(3);
  const auto compare = [&](const char* l1, const char* psnr, const Region& region) {
    if (region.empty()) return;  // outside the picture
    const auto a = part_of(truth, region), b = part_of(result, region);
    tally.add(l1, mean_absolute_difference(a, b));
    tally.add(psnr, peak_signal_to_noise(a, b));
  };
  compare("mouth_l1", "mouth_psnr", mouth_region(keypoints, size));
  for (const auto eye : {heads::kLeftEye, heads::kRightEye}) {
    compare("eyes_l1", "eyes_psnr", eye_region(keypoints, eye, size));
  }
}

void run_transfer(const Task& task, int64_t number, int64_t& done, Tally& tally) {
  const EvaluateOptions& options = task.job.options;
  const auto a = static_cast<uint64_t>(options.seed + 2 * number);
  const uint64_t b = a + 1;
  tally.begin(fmt::format("head-{}-by-{}", a, b));
  const auto clip = heads::smooth_motion(b, options.frames);
  const Animated animated(task, transfer_source(a));
  Movements real, found, driver, driven, shaken;
  JudgedMovements judged;
  motion::Motion reference;
  for (int64_t t = 0; t < options.frames; ++t) {
    task.stop_if_asked();
    const heads::HeadMotion& motion = clip[static_cast<size_t>(t)];
    const heads::Head head = moved(heads::sample_head(b, static_cast<uint64_t>(t)), motion);
    bool clipped = false;
    const heads::Head right = heads::transferred(animated.head(), clip.front(), motion, &clipped);
    const auto picture = animated.draw(head);
    const motion::Motion driving = task.model.extract_motion({picture});
    if (t == 0) reference = driving;
    const auto result = animated.result(driving, reference);
    const auto truth = animated.draw(right);
    tally.add("counted", clipped ? 0 : 1);
    driven.add(keypoints_of(heads::truth_of(head)));
    driver.add(keypoints_of(driving));
    const auto found_now = keypoints_of(task.model.extract_motion({result}));
    shaken.add(found_now);  // the clip without gaps
    if (!clipped) {
      tally.add("l1", mean_absolute_difference(truth, result));
      tally.add("psnr", peak_signal_to_noise(truth, result));
      tally.add("ssim", structural_similarity(truth, result));
      compare_regions(right, truth, result, tally);
      real.add(keypoints_of(heads::truth_of(right)));
      found.add(found_now);
      if (task.head_judge != nullptr) judged.add(*task.head_judge, right, truth, result);
    }
    if (!clipped && t % kRegionEvery == kRegionEvery - 1) {
      animated.compare_parts(right, driving, reference, truth, result, tally);
    }
    const int64_t third = options.frames / 3;
    const bool shown = t == third || t == 2 * third || t == options.frames - 1;
    if (shown && number < kSheetTransfers) task.sheet.add(animated.picture(), picture, truth, result);
    task.progress.advance(++done);
  }
  found.compare(real, "", tally);
  driver.compare(driven, "_driver", tally);
  judged.compare(tally);
  if (const auto jitter = shaken.jitter().mean()) tally.add("jitter", *jitter);
  if (const auto jitter = driver.jitter().mean()) tally.add("jitter_real", *jitter);
}

}  // namespace

heads::Head transfer_source(uint64_t seed) {
  constexpr uint64_t tries = 200;
  for (uint64_t index = 0; index < tries; ++index) {
    heads::Head head = heads::sample_head(seed, index, 0.5F);
    const auto& mood = head.expression;
    if (std::min(mood.left_eye, mood.right_eye) >= 0.93F && mood.mouth <= 0.25F) return head;
  }
  return heads::sample_head(seed, 0, 0.5F);
}

EvaluatedPart transfer_heads(const Task& task) {
  const EvaluateOptions& options = task.job.options;
  Tally tally(kTransferKinds);
  task.progress.start("transfer", options.transfers * options.frames);
  int64_t done = 0;
  for (int64_t i = 0; i < options.transfers; ++i) run_transfer(task, i, done, tally);
  task.progress.finish(done);
  return tally.finish("transfer",
                      fmt::format("{} drawn heads moved by others from seed {} on, {} frames each, relative "
                                  "motion",
                                  options.transfers, options.seed, options.frames));
}

}  // namespace animate::evaluate
