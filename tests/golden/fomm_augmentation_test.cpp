// FOMM's augmentation with given parameters, its random pairs and split, against the original's numbers.
#include "base/error.h"
#include "dataset/numpy_random.h"
#include "support/catch.h"
#include "support/golden.h"
#include "train/geometric.h"
#include "train/photometric.h"

using namespace animate::dataset;
using namespace animate::train;
using namespace animate;

namespace {

train::Frames to_frames(const torch::Tensor& clip) {
  train::Frames frames(clip.size(0), clip.size(1), clip.size(2), clip.size(3));
  std::copy(clip.data_ptr<float>(), clip.data_ptr<float>() + clip.numel(), frames.values.begin());
  return frames;
}

torch::Tensor to_tensor(const train::Frames& frames) {
  return torch::tensor(frames.values).view({frames.count, frames.height, frames.width, frames.channels});
}

torch::Tensor to_tensor(const std::vector<int64_t>& values) { return torch::tensor(values, torch::kInt64); }

}  // namespace

TEST_CASE("resize, padding, crop and rotation of the augmentation agree with the original") {
  auto golden = test::fomm_case("augment");
  const auto clip = to_frames(golden.input("clip"));
  for (const bool bilinear : {false, true}) {
    const std::string prefix = bilinear ? "resize_bilinear_" : "resize_nearest_";
    golden.compare(prefix + "18x22", to_tensor(train::resize(clip, 22, 18, bilinear)));
    golden.compare(prefix + "22x26", to_tensor(train::resize(clip, 26, 22, bilinear)));
  }
  golden.compare("pad_to_h28_w25", to_tensor(train::pad_to(clip, 28, 25)));
  golden.compare("pad_to_h20_w23", to_tensor(train::pad_to(clip, 20, 23)));
  golden.compare("crop_y3_x2_h10_w12", to_tensor(train::crop(clip, 3, 2, 10, 12)));
  golden.compare("rotate_plus13", to_tensor(train::rotate(clip, 13)));
  golden.require_all_compared();
}

TEST_CASE("colour jitter agrees with the original to the last bit") {
  auto golden = test::fomm_case("color_jitter");
  const auto image = golden.input("image");
  const std::map<std::string, void (*)(std::span<uint8_t>, float)> operations{{"brightness", train::adjust_brightness},
                                                                              {"contrast", train::adjust_contrast},
                                                                              {"saturation", train::adjust_saturation},
                                                                              {"hue", train::adjust_hue}};
  for (const auto& [name, adjust] : operations) {
    for (int i = 0; golden.has(fmt::format("expect/{}_{}", name, i)); ++i) {
      const auto key = fmt::format("{}_{}", name, i);
      const auto changed = image.clone();
      adjust({changed.data_ptr<uint8_t>(), static_cast<size_t>(changed.numel())},
             golden.input(key + "_factor").item<float>());
      golden.compare(key, changed);
    }
  }
  golden.require_all_compared();
}

TEST_CASE("random pairs and the random split are the original's") {
  auto golden = test::fomm_case("pairs_and_split");
  for (const auto& [n, most] : {std::pair(3, 50), {10, 50}, {44, 50}, {100, 50}, {7, 4}}) {
    std::vector<int64_t> flat;
    for (const auto& [driving, source] : dataset::random_pairs(n, most)) flat.insert(flat.end(), {driving, source});
    golden.compare(fmt::format("pairs_n{}_k{}", n, most), to_tensor(flat).view({-1, 2}));
  }
  for (const int n : {4, 5, 23}) {
    const auto split = dataset::random_split(n, 0);
    golden.compare(fmt::format("split_test_n{}", n), to_tensor(split.test));
    golden.compare(fmt::format("split_train_n{}", n), to_tensor(split.train));
  }
  golden.require_all_compared();
}
