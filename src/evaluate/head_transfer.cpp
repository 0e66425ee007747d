#include "evaluate/head_transfer.h"

#include <array>

#include "evaluate/head_movement.h"
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
    {"jitter", "jitter", "[-1,1]", 5},
    {"jitter_real", "jitter real", "[-1,1]", 5},
});

// As far from a colour as every channel can go by half the range.
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
  Animated(const Task& task, uint64_t seed, const heads::HeadMotion& start)
      : model_(task.model),
        drawing_{task.model.info().frame_width, task.model.device(), 0},
        head_(moved(heads::sample_head(seed, 0), start)) {
    picture_ = draw(head_);
    source_ = model_.encode_source({picture_});
    for (size_t i = 0; i < kParts.size(); ++i) recoloured_[i] = model_.encode_source({draw(recolour(head_, i))});
  }

  const torch::Tensor& picture() const { return picture_; }
  torch::Tensor truth(const heads::HeadMotion& motion) const { return draw(moved(head_, motion)); }
  torch::Tensor result(const Motion& driving, const Motion& reference) const {
    return model_.render(*source_, driving, reference, {});
  }

  void compare_parts(const heads::HeadMotion& motion, const Motion& driving, const Motion& reference,
                     const torch::Tensor& truth, const torch::Tensor& result, Tally& tally) const {
    for (size_t i = 0; i < kParts.size(); ++i) {
      const auto region = answer(truth, draw(recolour(moved(head_, motion), i)));
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

  const Model& model_;
  heads::RenderOptions drawing_;
  heads::Head head_;
  torch::Tensor picture_;
  std::unique_ptr<const Source> source_;
  std::array<std::unique_ptr<const Source>, kParts.size()> recoloured_;
};

void run_transfer(const Task& task, int64_t number, int64_t& done, Tally& tally) {
  const EvaluateOptions& options = task.job.options;
  const auto a = static_cast<uint64_t>(options.seed + 2 * number);
  const uint64_t b = a + 1;
  tally.begin(fmt::format("head-{}-by-{}", a, b));
  const auto clip = heads::smooth_motion(b, options.frames);
  const Animated animated(task, a, clip.front());
  Movements real, found, driver;
  Motion reference;
  for (int64_t t = 0; t < options.frames; ++t) {
    task.stop_if_asked();
    const heads::HeadMotion& motion = clip[static_cast<size_t>(t)];
    const heads::Head head = moved(heads::sample_head(b, static_cast<uint64_t>(t)), motion);
    const auto picture = animated.draw(head);
    const Motion driving = task.model.extract_motion({picture});
    if (t == 0) reference = driving;
    const auto result = animated.result(driving, reference);
    const auto truth = animated.truth(motion);
    tally.add("l1", mean_absolute_difference(truth, result));
    tally.add("psnr", peak_signal_to_noise(truth, result));
    tally.add("ssim", structural_similarity(truth, result));
    real.add(keypoints_of(heads::truth_of(head)));
    driver.add(keypoints_of(driving));
    found.add(keypoints_of(task.model.extract_motion({result})));
    if (t % kRegionEvery == kRegionEvery - 1) {
      animated.compare_parts(motion, driving, reference, truth, result, tally);
    }
    const int64_t third = options.frames / 3;
    const bool shown = t == third || t == 2 * third || t == options.frames - 1;
    if (shown && number < kSheetTransfers) task.sheet.add(animated.picture(), picture, truth, result);
    task.progress.advance(++done);
  }
  found.compare(real, "", tally);
  driver.compare(real, "_driver", tally);
  if (const auto jitter = found.jitter().mean()) tally.add("jitter", *jitter);
  if (const auto jitter = driver.jitter().mean()) tally.add("jitter_real", *jitter);
}

}  // namespace

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
