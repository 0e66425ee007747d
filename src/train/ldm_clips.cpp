#include "train/ldm_clips.h"

#include <utility>

#include "heads/counter_random.h"
#include "heads/head_renderer.h"
#include "heads/labelled_clips.h"
#include "train/training_data.h"

namespace animate::train {
namespace {

namespace ldm = models::video_ldm;

}  // namespace

LdmClips::LdmClips(const LdmTrainConfig& config, uint64_t seed, Encode encode)
    : config_(config), seed_(seed), encode_(std::move(encode)) {}

LdmBatch LdmClips::of_step(int64_t step) {
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < config_.batch_size; ++i) {
    const int64_t number = step * config_.batch_size + i;
    heads::CounterRandom random(seed_ ^ 0xB47CULL, static_cast<uint64_t>(number));
    numbers.push_back(config_.clips == 0 ? number : random.pick(static_cast<int>(config_.clips)));
  }
  return by_numbers(numbers);
}

LdmBatch LdmClips::by_numbers(const std::vector<int64_t>& numbers) {
  std::vector<int64_t> missing;
  for (const int64_t number : numbers) {
    if (!kept_.contains(number)) missing.push_back(number);
  }
  const auto fresh = draw(missing, false);
  for (size_t i = 0; i < missing.size(); ++i) kept_.emplace(missing[i], fresh[i]);
  std::vector<torch::Tensor> frames, labels, regimes;
  for (const int64_t number : numbers) {
    const Clip& clip = kept_.at(number);
    frames.push_back(clip.frames);
    labels.push_back(clip.labels);
    regimes.push_back(clip.regime);
  }
  if (config_.clips == 0) kept_.clear();
  return {torch::stack(frames), torch::stack(labels), torch::stack(regimes)};
}

LdmBatch LdmClips::held_out(int64_t count) const {
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < count; ++i) numbers.push_back(i);
  std::vector<torch::Tensor> frames, labels, regimes;
  for (const Clip& clip : draw(numbers, true)) {
    frames.push_back(clip.frames);
    labels.push_back(clip.labels);
    regimes.push_back(clip.regime);
  }
  return {torch::stack(frames), torch::stack(labels), torch::stack(regimes)};
}

// All frames of all clips in one go: the renderer takes as many calls for one head as for fifty.
std::vector<LdmClips::Clip> LdmClips::draw(const std::vector<int64_t>& numbers, bool held_out) const {
  if (numbers.empty()) return {};
  const torch::NoGradGuard no_grad;
  std::vector<heads::Head> all;
  std::vector<Clip> clips;
  for (const int64_t number : numbers) {
    auto [clip, drawn] = plan(number, held_out);
    clips.push_back(std::move(clip));
    all.insert(all.end(), drawn.begin(), drawn.end());
  }
  auto frames = heads::render_heads(all, {config_.model.picture, torch::kCPU, 0});
  if (encode_) frames = encode_(frames);
  const auto rows = frames.chunk(std::ssize(clips));
  for (size_t i = 0; i < clips.size(); ++i) clips[i].frames = rows[i].clone();
  return clips;
}

// Of training each number chooses head, motion and regime; held-out heads are taken in order.
std::pair<LdmClips::Clip, std::vector<heads::Head>> LdmClips::plan(int64_t number, bool held_out) const {
  const ldm::LdmConfig& model = config_.model;
  heads::CounterRandom random(held_out ? kHeldOutHeads : seed_, static_cast<uint64_t>(number));
  const auto identity = held_out ? kHeldOutHeads + static_cast<uint64_t>(number)
                                 : static_cast<uint64_t>(random.pick(static_cast<int>(kHeldOutHeads)));
  const auto motion = (static_cast<uint64_t>(random.pick(1 << 24)) << 24) + static_cast<uint64_t>(random.pick(1 << 24));
  heads::ClipCut cut{model.frames_of(config_.stage), model.rate};
  float regime = 0;
  if (config_.stage == ldm::Stage::Interpolation) {
    regime = random.chance(0.5F) ? 1.0F : 0.0F;
    cut.rate *= static_cast<double>(regime > 0 ? ldm::kInterpolated * ldm::kInterpolated : ldm::kInterpolated);
  }
  // Labels are those of a whole clip of the model's, also where only a piece of it is shown.
  const heads::LabelledClip whole = heads::labelled_clip(identity, motion, {model.frames, model.rate}, model.labels);
  const auto drawn = heads::labelled_clip(identity, motion, cut, {}).frames;
  return {{{}, torch::tensor(whole.labels), torch::full({1}, regime)}, drawn};
}

}  // namespace animate::train
