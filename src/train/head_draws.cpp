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
      seed_(seed) {}

std::vector<std::vector<heads::Head>> HeadDraws::draw(int64_t step, int64_t frames) const {
  std::vector<std::vector<heads::Head>> drawn(static_cast<size_t>(frames));
  for (int64_t row = 0; row < batch_; ++row) {
    heads::CounterRandom random(seed_, static_cast<uint64_t>(step * batch_ + row));
    const auto identity = static_cast<uint64_t>(random.pick(static_cast<int>(kHeldOutHeads)));
    const float wildness = random.between(low_, high_);
    for (auto& frame : drawn) {
      const auto index = static_cast<uint64_t>(random.pick(1 << 24));
      frame.push_back(heads::sample_head(identity, index, wildness));
      if (lively_) frame.back().expression = lively_expression(identity, index);
    }
  }
  return drawn;
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
