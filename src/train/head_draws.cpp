#include "train/head_draws.h"

#include <algorithm>

#include "base/error.h"
#include "heads/counter_random.h"
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

std::vector<std::optional<std::array<heads::Head, 2>>> HeadDraws::draw_drivers(int64_t step) const {
  std::vector<std::optional<std::array<heads::Head, 2>>> drivers(static_cast<size_t>(batch_));
  for (int64_t row = 0; row < batch_; ++row) {
    // Another stream than draw()'s: a share of 0 leaves the pairs as they are.
    heads::CounterRandom random(seed_ ^ 0xD21BULL, static_cast<uint64_t>(step * batch_ + row));
    if (!random.chance(transfer_share_)) continue;
    const auto identity = static_cast<uint64_t>(random.pick(static_cast<int>(kHeldOutHeads)));
    const float wildness = random.between(low_, high_);
    const auto initial = static_cast<uint64_t>(random.pick(1 << 24));
    const auto driving = static_cast<uint64_t>(random.pick(1 << 24));
    drivers[static_cast<size_t>(row)] = {head(identity, initial, wildness), head(identity, driving, wildness)};
  }
  return drivers;
}

heads::Head HeadDraws::head(uint64_t identity, uint64_t index, float wildness) const {
  heads::Head drawn = heads::sample_head(identity, index, wildness);
  if (lively_) drawn.expression = lively_expression(identity, index);
  return drawn;
}

std::optional<heads::Head> with_change(const heads::Head& source, const heads::Head&, const heads::Head&) {
  return source;
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
