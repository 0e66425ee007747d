#include "train/ldm_clips.h"

#include <numeric>
#include <utility>

#include "heads/counter_random.h"

namespace animate::train {
namespace {

constexpr int64_t kFramesEncodedAtOnce = 64;

LdmBatch clip_of(const LdmBatch& batch, int64_t i) {
  const auto row = [i](const torch::Tensor& rows) { return rows.narrow(0, i, 1).clone(); };
  return {row(batch.frames), row(batch.labels), row(batch.told), row(batch.regime)};
}

LdmBatch joined(const std::vector<LdmBatch>& clips) {
  const auto rows = [&clips](auto member) {
    std::vector<torch::Tensor> all;
    for (const LdmBatch& clip : clips) all.push_back(clip.*member);
    return torch::cat(all);
  };
  return {rows(&LdmBatch::frames), rows(&LdmBatch::labels), rows(&LdmBatch::told), rows(&LdmBatch::regime)};
}

std::vector<int64_t> first_clips(int64_t count) {
  std::vector<int64_t> numbers(static_cast<size_t>(count));
  std::iota(numbers.begin(), numbers.end(), int64_t{0});
  return numbers;
}

}  // namespace

LdmClips::LdmClips(const LdmTrainConfig& config, std::unique_ptr<LdmSource> source, uint64_t seed, Encode encode)
    : config_(config), source_(std::move(source)), seed_(seed), encode_(std::move(encode)) {}

LdmBatch LdmClips::of_step(int64_t step) {
  std::vector<int64_t> numbers, missing;
  for (int64_t i = 0; i < config_.batch_size; ++i) {
    const int64_t number = step * config_.batch_size + i;
    heads::CounterRandom random(seed_ ^ 0xB47CULL, static_cast<uint64_t>(number));
    numbers.push_back(config_.clips == 0 ? number : random.pick(static_cast<int>(config_.clips)));
  }
  if (config_.clips == 0) return draw(numbers, false);
  for (const int64_t number : numbers) {
    if (!kept_.contains(number)) missing.push_back(number);
  }
  if (!missing.empty()) {
    const LdmBatch fresh = draw(missing, false);
    for (size_t i = 0; i < missing.size(); ++i) kept_[missing[i]] = clip_of(fresh, static_cast<int64_t>(i));
  }
  std::vector<LdmBatch> clips;
  for (const int64_t number : numbers) clips.push_back(kept_.at(number));
  return joined(clips);
}

LdmBatch LdmClips::held_out(int64_t count) const { return draw(first_clips(count), true); }

LdmBatch LdmClips::first_of_training(int64_t count) const { return draw(first_clips(count), false); }

LdmBatch LdmClips::draw(const std::vector<int64_t>& numbers, bool held_out) const {
  const torch::NoGradGuard no_grad;
  const LdmPictures drawn = source_->take(numbers, held_out);
  std::vector<torch::Tensor> rows;
  for (const auto& some : drawn.pictures.split(kFramesEncodedAtOnce)) rows.push_back(encode_ ? encode_(some) : some);
  const auto frames = torch::cat(rows);
  const auto sides = frames.sizes();
  return {frames.view({std::ssize(numbers), -1, sides[1], sides[2], sides[3]}), drawn.labels, drawn.told, drawn.regime};
}

}  // namespace animate::train
