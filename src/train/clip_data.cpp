#include "train/clip_data.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <numeric>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "dataset/clip_files.h"
#include "train/augmentation.h"

namespace animate::train {
namespace {

namespace fs = std::filesystem;

// Draws in a row that may fail before the whole data set is taken for broken.
constexpr int kAttempts = 32;

std::mt19937_64 random_of(uint64_t seed, uint64_t number) {
  return std::mt19937_64((seed + 1) * 0x9E3779B97F4A7C15ULL + number);
}

int64_t below(std::mt19937_64& random, int64_t count) {
  return std::min(static_cast<int64_t>(uniform(random) * static_cast<double>(count)), count - 1);
}

// Clips that an item is drawn from: one, or those of an identity.
using Item = std::vector<fs::path>;

std::vector<Item> items_of(const std::vector<fs::path>& clips, bool by_identity) {
  std::map<std::string, Item> items;
  for (const fs::path& clip : clips) {
    const std::string name = clip.filename().string();
    items[by_identity ? name.substr(0, name.find('#')) : name].push_back(clip);
  }
  std::vector<Item> list;
  for (auto& [name, item] : items) list.push_back(std::move(item));
  return list;
}

// How many frames each clip has. Thread-safe.
class FrameCounts {
 public:
  explicit FrameCounts(const dataset::FrameSize& size) : size_(size) {}

  int64_t of(const fs::path& clip) {
    {
      const std::scoped_lock lock(mutex_);
      if (const auto found = counts_.find(clip); found != counts_.end()) return found->second;
    }
    const int64_t count = dataset::count_frames(clip, size_);
    const std::scoped_lock lock(mutex_);
    return counts_[clip] = count;
  }

 private:
  dataset::FrameSize size_;
  std::mutex mutex_;
  std::map<fs::path, int64_t> counts_;
};

// Says every complaint once. Thread-safe.
class Complaints {
 public:
  void add(const std::string& sentence) {
    const std::scoped_lock lock(mutex_);
    if (said_.insert(sentence).second) log::warn("{}; another clip is taken in its place", sentence);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> said_;
};

class ClipData : public TrainingData {
 public:
  ClipData(const fs::path& root, const models::fomm::Config& model, const TrainConfig& config, uint64_t seed)
      : root_(root),
        size_{model.frame_width, model.frame_height},
        augmentation_(config.dataset.augmentation),
        batch_(config.batch_size),
        repeats_(config.num_repeats),
        seed_(seed),
        counts_(size_) {
    check(model.num_channels == 3, ErrorKind::Model,
          "clips are read in colour, and 'model_params.common_params.num_channels' is {}; set it to 3",
          model.num_channels);
    const auto list = dataset::list_clips(root, static_cast<uint32_t>(config.dataset.random_seed));
    check(!list.train.empty(), ErrorKind::Input, "{}: holds no clips to train on; fill it", show(root / "train"));
    require_motion(list.train);
    items_ = items_of(list.train, config.dataset.id_sampling);
    const int64_t length = static_cast<int64_t>(items_.size()) * repeats_;
    check(
        length >= batch_, ErrorKind::Usage,
        "{}: {} items, each {} times an epoch, are fewer than a batch of {}; lower 'train_params.batch_size' or raise "
        "'train_params.num_repeats'",
        show(root), items_.size(), repeats_, batch_);
    log::info("{}: {} clips to train on, {} to test with{}", show(root), list.train.size(), list.test.size(),
              list.random_split ? ", drawn at random" : "");
  }

  TrainingBatch batch(int64_t step, const torch::Device& device) override {
    shuffle_for(step / steps_per_epoch());
    std::vector<Frames> pairs(static_cast<size_t>(batch_));
    std::vector<int64_t> skipped(pairs.size());
    at::parallel_for(0, batch_, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        pairs[static_cast<size_t>(i)] = draw(step, i, skipped[static_cast<size_t>(i)]);
      }
    });
    const Frames& first = pairs.front();
    auto both = torch::empty({2, batch_, first.height, first.width, 3});
    for (int64_t i = 0; i < batch_; ++i) {
      const Frames& pair = pairs[static_cast<size_t>(i)];
      check(pair.height == first.height && pair.width == first.width, ErrorKind::Model,
            "the augmentation gives frames of {}x{} and of {}x{} pixels, which do not make a batch; add a "
            "'crop_param' to 'dataset_params.augmentation_params'",
            first.width, first.height, pair.width, pair.height);
      for (int64_t side = 0; side < 2; ++side) {
        std::copy_n(pair.frame(side).data(), pair.frame_size(), both[side][i].data_ptr<float>());
      }
    }
    const auto part = [&](int64_t side) { return both[side].permute({0, 3, 1, 2}).to(device); };
    TrainingBatch made{part(0), part(1), {}, {}};
    made.skipped = std::accumulate(skipped.begin(), skipped.end(), int64_t{0});
    return made;
  }

  int64_t steps_per_epoch() const override { return static_cast<int64_t>(items_.size()) * repeats_ / batch_; }

 private:
  // Looks for one clip that has two frames of the right size.
  void require_motion(const std::vector<fs::path>& clips) {
    size_t readable = 0;
    std::string complaint;
    for (const fs::path& clip : clips) {
      try {
        const int64_t count = counts_.of(clip);
        dataset::read_frames(clip, std::array<int64_t, 1>{0}, size_);
        ++readable;
        if (count >= 2) return;
      } catch (const dataset::WrongFrameSize&) {
        throw;
      } catch (const Error& error) {
        if (complaint.empty()) complaint = error.what();
      }
    }
    check(readable > 0, ErrorKind::Input, "{}: none of its {} clips can be read; the first: {}", show(root_),
          clips.size(), complaint);
    fail(ErrorKind::Input,
         "{}: no clip has two frames, so nothing moves; give clips of several frames (a folder of frames has to lie "
         "inside the data folder)",
         show(root_));
  }

  void shuffle_for(int64_t epoch) {
    if (epoch == epoch_) return;
    order_.resize(items_.size() * static_cast<size_t>(repeats_));
    for (size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<int64_t>(i % items_.size());
    auto random = random_of(seed_, ~static_cast<uint64_t>(epoch));
    for (size_t i = order_.size(); i > 1; --i) {
      std::swap(order_[i - 1], order_[static_cast<size_t>(below(random, static_cast<int64_t>(i)))]);
    }
    epoch_ = epoch;
  }

  Frames draw(int64_t step, int64_t row, int64_t& skipped) {
    auto random = random_of(seed_, static_cast<uint64_t>(step * batch_ + row));
    int64_t which = order_[static_cast<size_t>(step % steps_per_epoch() * batch_ + row)];
    for (int attempt = 1;; ++attempt) {
      const Item& item = items_[static_cast<size_t>(which)];
      const fs::path& clip = item[static_cast<size_t>(below(random, static_cast<int64_t>(item.size())))];
      Frames pair;
      try {
        const int64_t count = counts_.of(clip);
        std::array<int64_t, 2> positions{below(random, count), below(random, count)};
        std::sort(positions.begin(), positions.end());
        pair = dataset::read_frames(clip, positions, size_);
      } catch (const dataset::WrongFrameSize&) {
        throw;
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::Input) throw;
        complaints_.add(error.what());
        ++skipped;
        check(attempt < kAttempts, ErrorKind::Input,
              "{}: {} clips in a row cannot be read; check the disk and the data", show(root_), attempt);
        which = below(random, static_cast<int64_t>(items_.size()));
        continue;
      }
      return augment(std::move(pair), augmentation_, random);
    }
  }

  fs::path root_;
  dataset::FrameSize size_;
  AugmentationConfig augmentation_;
  int64_t batch_;
  int64_t repeats_;
  uint64_t seed_;
  FrameCounts counts_;
  Complaints complaints_;
  std::vector<Item> items_;
  std::vector<int64_t> order_;  // items of the epoch at hand
  int64_t epoch_ = -1;
};

}  // namespace

std::unique_ptr<TrainingData> make_clip_data(const fs::path& root, const models::fomm::Config& model,
                                             const TrainConfig& config, uint64_t seed) {
  return std::make_unique<ClipData>(root, model, config, seed);
}

}  // namespace animate::train
