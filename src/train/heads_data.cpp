#include <algorithm>

#include "base/error.h"
#include "heads/counter_random.h"
#include "heads/head_geometry.h"
#include "heads/head_renderer.h"
#include "train/training_data.h"

namespace animate::train {
namespace {

class HeadsData : public TrainingData {
 public:
  HeadsData(const models::fomm::Config& model, const TrainConfig& config, uint64_t seed, int64_t steps_per_epoch)
      : size_(model.frame_height),
        points_(std::clamp<int64_t>(model.num_kp, heads::kBasicKeypoints, heads::kKeypoints)),
        batch_(config.batch_size),
        low_(static_cast<float>(config.heads_wildness[0])),
        high_(static_cast<float>(config.heads_wildness[1])),
        seed_(seed),
        steps_per_epoch_(steps_per_epoch) {
    check(model.frame_width == model.frame_height, ErrorKind::Model,
          "procedural heads are square: frame_shape is {}x{}; correct the config", model.frame_width,
          model.frame_height);
  }

  TrainingBatch batch(int64_t step, const torch::Device& device) override {
    // Sources first, then the same heads in other poses.
    std::vector<heads::Head> drawn(static_cast<size_t>(2 * batch_));
    for (int64_t i = 0; i < batch_; ++i) {
      heads::CounterRandom random(seed_, static_cast<uint64_t>(step * batch_ + i));
      const uint64_t identity = static_cast<uint64_t>(random.pick(static_cast<int>(kHeldOutHeads)));
      const float wildness = random.between(low_, high_);
      for (const int64_t row : {i, batch_ + i}) {
        const auto index = static_cast<uint64_t>(random.pick(1 << 24));
        drawn[static_cast<size_t>(row)] = heads::sample_head(identity, index, wildness);
      }
    }
    const auto images = heads::render_heads(drawn, {size_, device, 0});
    const auto truths = heads::truths_of(drawn, device);
    const auto half = [this](const torch::Tensor& both, int64_t part) { return both.narrow(0, part * batch_, batch_); };
    const auto truth = [&](int64_t part) {
      const auto first = [&](const torch::Tensor& all) { return half(all, part).narrow(1, 0, points_).contiguous(); };
      return models::fomm::Keypoints{first(truths.keypoints), first(truths.frames)};
    };
    return {half(images, 0), half(images, 1), truth(0), truth(1), false};
  }

  int64_t steps_per_epoch() const override { return steps_per_epoch_; }

 private:
  int64_t size_;
  int64_t points_;  // the first ones of the truth, as many as the model has
  int64_t batch_;
  float low_, high_;  // wildness of a pair
  uint64_t seed_;
  int64_t steps_per_epoch_;
};

}  // namespace

std::unique_ptr<TrainingData> make_heads_data(const models::fomm::Config& model, const TrainConfig& config,
                                              uint64_t seed, int64_t steps_per_epoch) {
  return std::make_unique<HeadsData>(model, config, seed, steps_per_epoch);
}

}  // namespace animate::train
