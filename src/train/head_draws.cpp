#include "train/head_draws.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "heads/counter_random.h"
#include "heads/head_motion.h"
#include "train/training_data.h"

namespace animate::train {

HeadDraws::HeadDraws(const TrainConfig& config, uint64_t seed)
    : batch_(config.batch_size),
      low_(static_cast<float>(config.heads_wildness[0])),
      high_(static_cast<float>(config.heads_wildness[1])),
      lively_(config.lively),
      transfer_share_(static_cast<float>(config.transfer_share)),
      seed_(seed) {}

std::vector<std::vector<heads::Head>> HeadDraws::draw(int64_t step, int64_t frames) const {
  std::vector<std::vector<heads::Head>> drawn(static_cast<size_t>(frames));
  for (int64_t row = 0; row < batch_; ++row) {
    heads::CounterRandom random(seed_, static_cast<uint64_t>(step * batch_ + row));
    const auto identity = static_cast<uint64_t>(random.pick(static_cast<int>(kHeldOutHeads)));
    const float wildness = random.between(low_, high_);
    for (auto& frame : drawn) {
      const auto index = static_cast<uint64_t>(random.pick(1 << 24));
      frame.push_back(head(identity, index, wildness));
    }
  }
  return drawn;
}

std::vector<std::optional<Drive>> HeadDraws::draw_drives(int64_t step, std::span<const heads::Head> sources) const {
  // The last attempt starts where the source does, and fits wherever poses are not wilder than 1.
  constexpr std::array<float, 5> apart{0.7F, 0.5F, 0.3F, 0.15F, 0};
  std::vector<std::optional<Drive>> drives(sources.size());
  for (size_t row = 0; row < sources.size(); ++row) {
    // Another stream than draw()'s: a share of 0 leaves the pairs as they are.
    heads::CounterRandom random(seed_ ^ 0xD21BULL, static_cast<uint64_t>(step * batch_) + row);
    if (!random.chance(transfer_share_)) continue;
    const auto identity = static_cast<uint64_t>(random.pick(static_cast<int>(kHeldOutHeads)));
    const float wildness = random.between(low_, high_);
    for (size_t attempt = 0; attempt < apart.size() && !drives[row]; ++attempt) {
      const auto first = static_cast<uint64_t>(random.pick(1 << 24));
      const auto now = static_cast<uint64_t>(random.pick(1 << 24));
      drives[row] = drive(sources[row], head(identity, first, wildness), head(identity, now, wildness), apart[attempt]);
    }
  }
  return drives;
}

heads::Head HeadDraws::head(uint64_t identity, uint64_t index, float wildness) const {
  heads::Head drawn = heads::sample_head(identity, index, wildness);
  if (lively_) drawn.expression = lively_expression(identity, index);
  return drawn;
}

std::optional<Drive> drive(const heads::Head& source, const heads::Head& driver, const heads::Head& driving,
                           float apart) {
  const auto between = [apart](float from, float to) { return from + apart * (to - from); };
  heads::Head initial = driver;
  const auto& pose = source.pose;
  const auto& expression = source.expression;
  for (const auto field : {&heads::Pose::x, &heads::Pose::y, &heads::Pose::scale, &heads::Pose::roll, &heads::Pose::yaw,
                           &heads::Pose::pitch}) {
    initial.pose.*field = between(pose.*field, driver.pose.*field);
  }
  using heads::Expression;
  for (const auto field : {&Expression::left_eye, &Expression::right_eye, &Expression::mouth, &Expression::smile,
                           &Expression::brow, &Expression::gaze_x, &Expression::gaze_y}) {
    initial.expression.*field = between(expression.*field, driver.expression.*field);
  }
  bool clipped = false;
  const heads::Head target =
      heads::transferred(source, {initial.pose, initial.expression}, {driving.pose, driving.expression}, &clipped);
  if (clipped) return std::nullopt;
  return Drive{initial, driving, target};
}

heads::Head held_out_head(int64_t number, int64_t frame) {
  // Figures have frames of their own, beside those that evaluation counts from 0.
  constexpr uint64_t first_frame = 1'000'000;
  const uint64_t seed = kHeldOutHeads + static_cast<uint64_t>(number);
  const uint64_t index = first_frame + static_cast<uint64_t>(frame);
  heads::Head head = heads::sample_head(seed, index);
  head.expression = lively_expression(seed, index);
  return head;
}

heads::Expression lively_expression(uint64_t seed, uint64_t index) {
  constexpr uint64_t stream = 201;  // none of the sampler's
  heads::CounterRandom random(heads::mix_bits(seed) + index, stream);
  const auto openness = [&random] { return std::clamp(random.between(-0.5F, 1.5F), 0.0F, 1.0F); };
  heads::Expression expression = heads::sample_expression(seed, index);
  expression.left_eye = openness();
  expression.right_eye = random.chance(0.25F) ? openness() : expression.left_eye;
  expression.mouth = openness();
  return expression;
}

PointTruth point_truth(std::span<const heads::Head> drawn, int64_t num_kp, const torch::Device& device) {
  const auto truths = heads::truths_of(drawn, device);
  check(num_kp <= truths.keypoints.size(1), ErrorKind::Model,
        "drawn heads have {} keypoints, 'model_params.common_params.num_kp' is {}; set it to that number at most",
        truths.keypoints.size(1), num_kp);
  return {{truths.keypoints.narrow(1, 0, num_kp), truths.frames.narrow(1, 0, num_kp)},
          truths.visible.narrow(1, 0, num_kp)};
}

}  // namespace animate::train
