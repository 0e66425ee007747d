#include <algorithm>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "core/tensor_resize.h"
#include "dataset/clip_files.h"
#include "heads/counter_random.h"
#include "train/ldm_source.h"

namespace animate::train {
namespace {

namespace fs = std::filesystem;
namespace ldm = models::video_ldm;

// How far apart the frames of a piece are.
int64_t stride_of(ldm::Stage stage) {
  return stage == ldm::Stage::Temporal || stage == ldm::Stage::Prediction ? ldm::kInterpolated : 1;
}

struct LongClip {
  fs::path file;
  int64_t frames = 0;
};

// Those clips that hold a piece of so many frames.
std::vector<LongClip> long_clips(const std::vector<fs::path>& files, int64_t least, int64_t& longest) {
  std::vector<LongClip> clips;
  for (const fs::path& file : files) {
    try {
      const int64_t frames = dataset::count_frames(file, {});
      longest = std::max(longest, frames);
      if (frames >= least) clips.push_back({file, frames});
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Input) throw;
      log::warn("{}; the clip is passed over", error.what());
    }
  }
  return clips;
}

class LdmFolder : public LdmSource {
 public:
  LdmFolder(const LdmTrainConfig& config, const fs::path& folder, uint64_t seed)
      : config_(config), seed_(seed), frames_(config.model.frames_of(config.stage)), stride_(stride_of(config.stage)) {
    const auto list = dataset::list_clips(folder, static_cast<uint32_t>(seed));
    const int64_t least = (frames_ - 1) * stride_ + 1;
    int64_t longest = 0;
    train_ = long_clips(list.train, least, longest);
    test_ = long_clips(list.test, least, longest);
    check(!train_.empty() && !test_.empty(), ErrorKind::Input,
          "{}: the stage {} needs clips of {} to train on and to measure on, and the longest one has {}; give longer "
          "clips",
          show(folder), ldm::word_of(config.stage), counted(least, "frame"), longest);
    log::info("{}: {} to train on, {} to measure on", show(folder), counted(std::ssize(train_), "clip"),
              counted(std::ssize(test_), "clip"));
  }

  LdmPictures take(const std::vector<int64_t>& numbers, bool held_out) const override {
    std::vector<torch::Tensor> pictures;
    for (const int64_t number : numbers) pictures.push_back(piece(number, held_out));
    const auto count = std::ssize(numbers);
    return {torch::cat(pictures), torch::zeros({count, std::ssize(config_.model.labels)}), torch::zeros({count}),
            torch::zeros({count, 1})};
  }

 private:
  // Held-out clips are taken in order, those of training by chance.
  torch::Tensor piece(int64_t number, bool held_out) const {
    heads::CounterRandom random(held_out ? 0 : seed_ ^ 0xF01DULL, static_cast<uint64_t>(number));
    const std::vector<LongClip>& clips = held_out ? test_ : train_;
    const size_t chosen = held_out ? static_cast<size_t>(number) % clips.size()
                                   : static_cast<size_t>(random.pick(static_cast<int>(clips.size())));
    const LongClip& clip = clips[chosen];
    const int64_t start = random.pick(static_cast<int>(clip.frames - (frames_ - 1) * stride_));
    std::vector<int64_t> positions;
    for (int64_t i = 0; i < frames_; ++i) positions.push_back(start + i * stride_);
    const dataset::Frames frames = dataset::read_frames(clip.file, positions, {});
    auto values = frames.values;
    const auto rows =
        torch::from_blob(values.data(), {frames.count, frames.height, frames.width, 3}).permute({0, 3, 1, 2});
    const int64_t side = std::min(frames.height, frames.width);
    const auto square = rows.narrow(2, (frames.height - side) / 2, side).narrow(3, (frames.width - side) / 2, side);
    const int64_t wanted = config_.model.picture;
    return at::_upsample_bilinear2d_aa(square.contiguous(), {wanted, wanted}, false).clamp(0, 1);
  }

  const LdmTrainConfig& config_;
  uint64_t seed_;
  int64_t frames_, stride_;
  std::vector<LongClip> train_, test_;
};

}  // namespace

std::unique_ptr<LdmSource> folder_ldm_source(const LdmTrainConfig& config, const fs::path& folder, uint64_t seed) {
  return std::make_unique<LdmFolder>(config, folder, seed);
}

}  // namespace animate::train
