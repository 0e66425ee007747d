// What is computed by several threads is what one computes; under the thread sanitizer this also looks for races.
#include <random>
#include <vector>

#include "core/nn/fast_conv/linear_gather.h"
#include "core/nn/fast_conv/pixel_moments.h"
#include "models/liveportrait/local_motion_maps.h"
#include "support/catch.h"

using namespace animate::core;
using namespace animate::models;
using namespace animate;

namespace {

std::vector<float> random_numbers(size_t count) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  std::vector<float> numbers(count);
  for (float& number : numbers) number = normal(random);
  return numbers;
}

}  // namespace

TEST_CASE("statistics are the same with any number of threads") {
  const nn::PixelMaps shape{2, 333, 19};
  const auto maps = random_numbers(2 * 333 * 19);
  const auto measured = [&](int64_t threads) {
    std::vector<float> moments(2 * 2 * 19);
    nn::pixel_moments(maps.data(), shape, threads, moments.data(), moments.data() + 2 * 19);
    return moments;
  };
  CHECK(measured(4) == measured(1));
}

TEST_CASE("sampling is the same with any number of threads") {
  const auto maps = random_numbers(2 * 5 * 7 * 9);
  const auto places = random_numbers(2 * 40 * 2);
  const auto sampled = [&](int64_t threads) {
    std::vector<float> out(2 * 40 * 9);
    nn::gather_linear({maps.data(), 2, 1, 5, 7, 9}, {places.data(), 2, 40, 2, false}, threads, out.data());
    return out;
  };
  CHECK(sampled(4) == sampled(1));
}

TEST_CASE("local motions are the same with any number of threads") {
  const auto volume = random_numbers(4 * 6 * 8 * 3);
  const auto points = random_numbers(2 * 5 * 3);
  const auto made = [&](int64_t threads) {
    std::vector<float> maps(4 * 6 * 8 * 6 * 4);
    liveportrait::make_local_motion_maps({volume.data(), 4, 6, 8, 3, points.data(), points.data() + 15, 5}, threads,
                                         maps.data());
    return maps;
  };
  const auto one = made(1);
  CHECK(made(4) == one);
  CHECK(one[0] == 0);  // the background's heatmap
}
