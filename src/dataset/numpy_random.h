#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace animate::dataset {

// numpy's legacy random numbers, as far as FOMM's published splits and pairs rest on them
// (models/fomm/README.md#split-and-pairs).
class NumpyRandom {
 public:
  explicit NumpyRandom(uint32_t seed) : words_(seed) {}

  // Uniform in 0 to `max`, both included; max < 2^32.
  int64_t interval(int64_t max);
  // 0 to n - 1 in random order.
  std::vector<int64_t> permutation(int64_t n);

 private:
  std::mt19937 words_;
};

// The random 80/20 split of `n` videos: positions of the training and of the test part
// (models/fomm/README.md#split-and-pairs).
struct Split {
  std::vector<int64_t> train, test;
};
Split random_split(int64_t n, uint32_t seed);

// Pairs (driving, source) of `n` test videos without a pairs list, at most `most`, all different
// (models/fomm/README.md#split-and-pairs).
std::vector<std::pair<int64_t, int64_t>> random_pairs(int64_t n, int64_t most);

}  // namespace animate::dataset
