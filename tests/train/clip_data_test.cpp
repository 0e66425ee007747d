#include "train/clip_data.h"

#include <cstring>
#include <set>

#include "base/error.h"
#include "media/image_io.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"
#include "train/small_training.h"

using namespace animate::media;
using namespace animate::train;
using namespace animate;
namespace fs = std::filesystem;

namespace {

constexpr int kPerIdentity = 20;  // gray levels

// A folder of plain frames; the gray value tells identity and frame.
void make_clip(const fs::path& clip, int identity, int first_frame, int frames) {
  fs::create_directories(clip);
  for (int i = 0; i < frames; ++i) {
    Image image(64, 64);
    std::memset(image.data(), identity * kPerIdentity + first_frame + i, image.size_bytes());
    save_image(clip / (std::to_string(i) + ".png"), image);
  }
}

std::vector<int> grays(const torch::Tensor& frames) {
  std::vector<int> values;
  for (int64_t i = 0; i < frames.size(0); ++i) {
    values.push_back(static_cast<int>(std::lround(frames[i][0][5][7].item<float>() * 255)));
  }
  return values;
}

std::string plain_yaml(const std::string& batch = "batch_size: 3") {
  std::string yaml = test::replaced(test::small_yaml(), "batch_size: 2", batch);
  yaml = test::replaced(yaml, "flip_param: {horizontal_flip: true, time_flip: true}", "flip_param: {time_flip: false}");
  yaml = test::replaced(yaml, "    jitter_param: {hue: 0.5}\n", "");
  return test::replaced(yaml, "  root_dir: data/tiny", "  root_dir: data/tiny\n  id_sampling: true");
}

// Four identities; the second has two clips.
struct Folder {
  Folder() {
    for (const auto& [name, identity, first] :
         {std::tuple("a#1.mp4", 0, 0), {"b#1", 1, 0}, {"b#2", 1, 6}, {"c", 2, 0}, {"d#x#y", 3, 0}}) {
      make_clip(root / ("train/" + std::string(name)), identity, first, 6);
    }
    make_clip(root / "test/t", 5, 0, 2);
  }
  std::unique_ptr<train::TrainingData> open(const std::string& yaml, uint64_t seed = 1) const {
    const test::SmallTraining setup(1, yaml);
    return train::make_clip_data(root.path(), setup.model, setup.config, seed);
  }
  test::TempDir root;
};

}  // namespace

TEST_CASE("an epoch of clips: every identity num_repeats times, frames in order, no incomplete batch at the end") {
  const Folder folder;
  const auto data = folder.open(plain_yaml("batch_size: 4"));
  REQUIRE(data->steps_per_epoch() == 2);
  std::set<int> frames;
  std::set<std::vector<int>> orders;
  for (int64_t epoch = 0; epoch < 6; ++epoch) {
    std::map<int, int> seen;
    std::vector<int> order;
    for (int64_t step = 2 * epoch; step < 2 * epoch + 2; ++step) {
      const auto batch = data->batch(step, torch::kCPU);
      REQUIRE(batch.source.sizes() == torch::IntArrayRef({4, 3, 64, 64}));
      CHECK(batch.skipped == 0);
      CHECK_FALSE(batch.source_truth.has_value());
      const auto source = grays(batch.source);
      const auto driving = grays(batch.driving);
      for (size_t i = 0; i < source.size(); ++i) {
        CHECK(source[i] <= driving[i]);
        CHECK(source[i] / kPerIdentity == driving[i] / kPerIdentity);
        // One clip of an identity at a time.
        CHECK(source[i] % kPerIdentity / 6 == driving[i] % kPerIdentity / 6);
        ++seen[source[i] / kPerIdentity];
        order.push_back(source[i] / kPerIdentity);
        frames.insert(source[i]);
      }
    }
    CHECK(seen == std::map<int, int>{{0, 2}, {1, 2}, {2, 2}, {3, 2}});
    orders.insert(order);
  }
  CHECK(orders.size() > 1);
  CHECK(frames.size() > 10);
  CHECK(folder.open(plain_yaml())->steps_per_epoch() == 2);  // 8 items in threes
}

TEST_CASE("a batch of clips is a function of seed and step") {
  const Folder folder;
  const auto yaml = test::replaced(plain_yaml(), "time_flip: false", "horizontal_flip: true, time_flip: true");
  const auto one = folder.open(yaml);
  const auto other = folder.open(yaml);
  std::vector<train::TrainingBatch> batches;
  for (int64_t step = 0; step < 5; ++step) batches.push_back(one->batch(step, torch::kCPU));
  for (const int64_t step : {4, 1, 3}) {
    const auto again = other->batch(step, torch::kCPU);
    CHECK(torch::equal(again.source, batches[static_cast<size_t>(step)].source));
    CHECK(torch::equal(again.driving, batches[static_cast<size_t>(step)].driving));
  }
  CHECK_FALSE(torch::equal(folder.open(yaml, 2)->batch(0, torch::kCPU).source, batches[0].source));
}

TEST_CASE("what cannot be read is replaced, the same way every time, and counted") {
  const Folder folder;
  folder.root.write("train/c/3.png", "nothing");
  fs::remove_all(folder.root / "train/d#x#y");
  folder.root.write("train/d#x#y.mp4", "nothing");
  const auto one = folder.open(plain_yaml());
  const auto other = folder.open(plain_yaml());
  int64_t skipped = 0;
  for (int64_t step = 0; step < 12; ++step) {
    const auto batch = one->batch(step, torch::kCPU);
    const auto again = other->batch(step, torch::kCPU);
    CHECK(torch::equal(batch.source, again.source));
    CHECK(torch::equal(batch.driving, again.driving));
    CHECK(batch.skipped == again.skipped);
    skipped += batch.skipped;
    for (const auto& side : {batch.source, batch.driving}) {
      for (const int gray : grays(side)) {
        CHECK(gray / kPerIdentity <= 2);
        CHECK(gray != 2 * kPerIdentity + 3);
      }
    }
  }
  CHECK(skipped > 5);
  // When nothing is left the run ends.
  for (const char* name : {"a#1.mp4", "b#1", "b#2", "c"}) fs::remove_all(folder.root / "train" / name);
  CHECK(test::error_of(ErrorKind::Input, [&] { one->batch(30, torch::kCPU); }) ==
        folder.root.path().string() + ": 32 clips in a row cannot be read; check the disk and the data");
}
