#include "train/face_data.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>
#include <optional>
#include <random>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "dataset/face_files.h"
#include "heads/counter_random.h"
#include "heads/head_renderer.h"
#include "models/autoencoder/face_picture.h"
#include "train/training_data.h"

namespace animate::train {
namespace {

namespace autoencoder = models::autoencoder;

// Faces drawn at once.
constexpr size_t kDrawnAtOnce = 64;
// A folder's faces are kept in memory up to that number, which is 800 MB.
constexpr size_t kKeptFaces = 1 << 16;

torch::Tensor drawn(const std::vector<heads::Head>& heads) {
  const auto pictures = heads::render_heads(heads, {autoencoder::kSide, torch::kCPU, 0});
  return (pictures * 255 + 0.5).clamp(0, 255).to(torch::kUInt8);
}

class DrawnFaces : public FaceData {
 public:
  DrawnFaces(const AutoencoderConfig& config, uint64_t seed)
      : count_(config.pictures),
        low_(static_cast<float>(config.heads_wildness[0])),
        high_(static_cast<float>(config.heads_wildness[1])),
        seed_(seed) {}

  int64_t count() const override { return count_; }

  FaceBatch take(const std::vector<int64_t>& numbers, bool) override {
    const std::lock_guard lock(mutex_);
    std::vector<int64_t> missing;
    for (const int64_t number : numbers) {
      if (!kept_.contains(number)) missing.push_back(number);
    }
    std::map<int64_t, torch::Tensor> fresh;
    for (size_t begin = 0; begin < missing.size(); begin += kDrawnAtOnce) {
      std::vector<heads::Head> heads;
      const size_t end = std::min(begin + kDrawnAtOnce, missing.size());
      for (size_t i = begin; i < end; ++i) heads.push_back(head(missing[i]));
      const auto bytes = drawn(heads);
      for (size_t i = begin; i < end; ++i) {
        fresh[missing[i]] = bytes[static_cast<int64_t>(i - begin)].clone();
      }
    }
    std::vector<torch::Tensor> rows;
    for (const int64_t number : numbers) {
      const auto found = fresh.find(number);
      rows.push_back(found != fresh.end() ? found->second : kept_.at(number));
    }
    // Without an end each is shown once.
    if (count_ > 0) kept_.merge(fresh);
    return {torch::stack(rows), 0};
  }

  FaceBatch held_out(int64_t most) override {
    std::vector<torch::Tensor> rows;
    for (int64_t begin = 0; begin < most; begin += static_cast<int64_t>(kDrawnAtOnce)) {
      std::vector<heads::Head> heads;
      for (int64_t i = begin; i < std::min(begin + static_cast<int64_t>(kDrawnAtOnce), most); ++i) {
        heads.push_back(heads::sample_head(kHeldOutHeads + static_cast<uint64_t>(i), 0));
      }
      rows.push_back(drawn(heads));
    }
    return {torch::cat(rows), 0};
  }

 private:
  heads::Head head(int64_t number) const {
    heads::CounterRandom random(seed_, static_cast<uint64_t>(number));
    const auto identity = static_cast<uint64_t>(random.pick(static_cast<int>(kHeldOutHeads)));
    const auto index = static_cast<uint64_t>(random.pick(1 << 24));
    return heads::sample_head(identity, index, random.between(low_, high_));
  }

  int64_t count_;
  float low_, high_;
  uint64_t seed_;
  std::mutex mutex_;
  std::map<int64_t, torch::Tensor> kept_;
};

class FaceFolder : public FaceData {
 public:
  explicit FaceFolder(const std::filesystem::path& data) : shown_(show(data)), files_(dataset::list_faces(data)) {}

  int64_t count() const override { return static_cast<int64_t>(files_.train.size()); }

  FaceBatch take(const std::vector<int64_t>& numbers, bool replace) override {
    FaceBatch batch;
    std::vector<torch::Tensor> rows;
    for (const int64_t number : numbers) {
      auto face = read(files_.train, static_cast<size_t>(number));
      if (!face) ++batch.skipped;
      for (size_t i = 1; !face && replace && i < files_.train.size(); ++i) {
        face = read(files_.train, (static_cast<size_t>(number) + i) % files_.train.size());
      }
      if (face) rows.push_back(*face);
    }
    check(!rows.empty(), ErrorKind::Input, "{}: none of its pictures can be read; give a folder of whole ones", shown_);
    batch.bytes = torch::stack(rows);
    return batch;
  }

  FaceBatch held_out(int64_t most) override {
    FaceBatch batch;
    std::vector<torch::Tensor> rows;
    for (size_t i = 0; i < files_.held_out.size() && std::ssize(rows) < most; ++i) {
      const auto face = read(files_.held_out, i);
      if (face) rows.push_back(*face);
      if (!face) ++batch.skipped;
    }
    if (!rows.empty()) batch.bytes = torch::stack(rows);
    return batch;
  }

 private:
  std::optional<torch::Tensor> read(const std::vector<std::filesystem::path>& files, size_t number) {
    const std::filesystem::path& file = files[number];
    {
      const std::lock_guard lock(mutex_);
      if (broken_.contains(file)) return std::nullopt;
      if (const auto found = kept_.find(file); found != kept_.end()) return found->second;
    }
    try {
      const auto face = autoencoder::face_bytes(dataset::read_face(file));
      const std::lock_guard lock(mutex_);
      if (kept_.size() < kKeptFaces) kept_.emplace(file, face);
      return face;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Input) throw;
      const std::lock_guard lock(mutex_);
      if (broken_.insert(file).second) log::warn("{}; it is passed over", error.what());
      return std::nullopt;
    }
  }

  std::string shown_;
  dataset::FaceFiles files_;
  std::mutex mutex_;
  std::map<std::filesystem::path, torch::Tensor> kept_;
  std::set<std::filesystem::path> broken_;
};

}  // namespace

std::unique_ptr<FaceData> open_faces(const TrainJob& job, const AutoencoderConfig& config) {
  if (!job.data) return std::make_unique<DrawnFaces>(config, static_cast<uint64_t>(job.options.seed));
  return std::make_unique<FaceFolder>(*job.data);
}

std::vector<int64_t> numbers_of_step(const FaceData& data, int64_t batch, uint64_t seed, int64_t step) {
  const int64_t count = data.count();
  const int64_t size = count == 0 ? batch : std::min(batch, count);
  std::vector<int64_t> numbers(static_cast<size_t>(size));
  if (count == 0) {
    std::iota(numbers.begin(), numbers.end(), step * batch);
    return numbers;
  }
  const int64_t steps = steps_of_epoch(data, batch, 1);
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), int64_t{0});
  // Fisher and Yates's way by hand: std::shuffle is another one with every library.
  std::mt19937_64 random((seed + 1) * 0x9E3779B97F4A7C15ULL + static_cast<uint64_t>(step / steps));
  for (size_t i = order.size(); i-- > 1;) std::swap(order[i], order[random() % (i + 1)]);
  std::copy_n(order.begin() + step % steps * size, size, numbers.begin());
  return numbers;
}

int64_t steps_of_epoch(const FaceData& data, int64_t batch, int64_t endless) {
  return data.count() == 0 ? endless : std::max<int64_t>(1, data.count() / batch);
}

}  // namespace animate::train
