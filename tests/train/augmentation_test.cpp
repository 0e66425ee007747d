#include "train/augmentation.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "support/catch.h"
#include "train/geometric.h"

using namespace animate::train;
using namespace animate;
using train::AugmentationConfig;
using train::Frames;

namespace {

// Source all below 0.5, driving above; every pixel another value.
Frames pair_of(int64_t height, int64_t width) {
  Frames frames(2, height, width, 3);
  const auto half = static_cast<float>(frames.values.size()) * 2;
  for (size_t i = 0; i < frames.values.size(); ++i) frames.values[i] = 0.5F * static_cast<float>(i) / half;
  for (float& value : frames.frame(1)) value += 0.5F;
  return frames;
}

bool is_reversed(const Frames& frames) { return frames.values.front() > 0.45F; }

}  // namespace

TEST_CASE("half of the pairs are reversed in time, a quarter is mirrored, as in the original") {
  AugmentationConfig config;
  config.time_flip = true;
  config.horizontal_flip = true;
  const Frames original = pair_of(2, 3);
  const Frames mirrored = train::mirror_horizontally(original);
  CHECK(mirrored.values[0] == original.values[6]);
  CHECK(mirrored.values[3 * 6 + 2] == original.values[3 * 6 + 8]);
  std::mt19937_64 random(1);
  int reversed = 0;
  int turned = 0;
  for (int i = 0; i < 2000; ++i) {
    const Frames result = train::augment(original, config, random);
    reversed += is_reversed(result);
    turned += result.values == mirrored.values;
    if (!is_reversed(result)) CHECK((result.values == mirrored.values || result.values == original.values));
  }
  CHECK(std::abs(reversed - 1000) < 100);
  CHECK(std::abs(turned - 500) < 90);
}

TEST_CASE("without a key nothing changes, and equal seeds give equal pairs") {
  const Frames original = pair_of(6, 8);
  std::mt19937_64 random(1);
  CHECK(train::augment(original, {}, random).values == original.values);

  AugmentationConfig config;
  config.time_flip = config.horizontal_flip = config.jitter = true;
  config.rotation_degrees = {-10, 10};
  config.resize_ratio = {0.9, 1.1};
  config.crop_size = {7, 5};
  config.brightness = config.contrast = config.saturation = config.hue = 0.1;
  std::mt19937_64 first(7);
  std::mt19937_64 second(7);
  std::set<std::vector<float>> seen;
  for (int i = 0; i < 5; ++i) {
    const Frames result = train::augment(original, config, first);
    CHECK(result.values == train::augment(original, config, second).values);
    CHECK((result.height == 7 && result.width == 5 && result.count == 2));
    CHECK(*std::min_element(result.values.begin(), result.values.end()) >= 0);
    CHECK(*std::max_element(result.values.begin(), result.values.end()) <= 1);
    seen.insert(result.values);
  }
  CHECK(seen.size() == 5);
}

TEST_CASE("jitter quantises to 8 bits even where no amount is set") {
  AugmentationConfig config;
  config.jitter = true;
  Frames frames(2, 1, 1, 3);
  frames.values = {0.1F, 0.5F, 0.9F, 0, 1, 0.3F};
  std::mt19937_64 random(1);
  const auto result = train::augment(frames, config, random);
  CHECK(result.values[0] == Approx(26 / 255.0));
  CHECK(result.values[1] == Approx(128 / 255.0));
  CHECK(result.values[4] == 1);
}

TEST_CASE("windows outside of the frames are refused") {
  CHECK_THROWS_AS(train::crop(pair_of(4, 4), 1, 0, 4, 4), Error);
  CHECK_THROWS_AS(train::resize(pair_of(4, 4), 0, 4, false), Error);
}
