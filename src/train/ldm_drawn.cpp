#include "heads/counter_random.h"
#include "heads/head_renderer.h"
#include "heads/labelled_clips.h"
#include "train/ldm_source.h"
#include "train/training_data.h"

namespace animate::train {
namespace {

namespace ldm = models::video_ldm;

class DrawnLdmClips : public LdmSource {
 public:
  DrawnLdmClips(const LdmTrainConfig& config, uint64_t seed) : config_(config), seed_(seed) {}

  // All frames of all clips in one go: the renderer takes as many calls for one head as for fifty.
  LdmPictures take(const std::vector<int64_t>& numbers, bool held_out) const override {
    std::vector<heads::Head> all;
    std::vector<torch::Tensor> labels;
    std::vector<float> regimes;
    for (const int64_t number : numbers) {
      float regime = 0;
      const heads::LabelledClip clip = drawn_clip(number, held_out, regime);
      all.insert(all.end(), clip.frames.begin(), clip.frames.end());
      labels.push_back(torch::tensor(clip.labels));
      regimes.push_back(regime);
    }
    return {heads::render_heads(all, {config_.model.picture, torch::kCPU, 0}), torch::stack(labels),
            torch::ones({std::ssize(numbers)}), torch::tensor(regimes).unsqueeze(1)};
  }

 private:
  // Of training each number chooses head, motion and regime; held-out heads are taken in order.
  heads::LabelledClip drawn_clip(int64_t number, bool held_out, float& regime) const {
    const ldm::LdmConfig& model = config_.model;
    heads::CounterRandom random(held_out ? kHeldOutHeads : seed_, static_cast<uint64_t>(number));
    const auto identity = held_out ? kHeldOutHeads + static_cast<uint64_t>(number)
                                   : static_cast<uint64_t>(random.pick(static_cast<int>(kHeldOutHeads)));
    const auto high = static_cast<uint64_t>(random.pick(1 << 24));
    const uint64_t motion = (high << 24) + static_cast<uint64_t>(random.pick(1 << 24));
    heads::ClipCut cut{model.frames_of(config_.stage), model.rate};
    if (config_.stage == ldm::Stage::Interpolation) {
      regime = random.chance(0.5F) ? 1.0F : 0.0F;
      cut.rate *= static_cast<double>(regime > 0 ? ldm::kInterpolated * ldm::kInterpolated : ldm::kInterpolated);
    }
    // Labels are those of a whole clip of the model's, also where only a piece of it is shown.
    heads::LabelledClip clip = heads::labelled_clip(identity, motion, cut, {});
    clip.labels = heads::labelled_clip(identity, motion, {model.frames, model.rate}, model.labels).labels;
    return clip;
  }

  const LdmTrainConfig& config_;
  uint64_t seed_;
};

}  // namespace

std::unique_ptr<LdmSource> drawn_ldm_source(const LdmTrainConfig& config, uint64_t seed) {
  return std::make_unique<DrawnLdmClips>(config, seed);
}

}  // namespace animate::train
