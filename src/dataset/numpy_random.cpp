#include "dataset/numpy_random.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace animate::dataset {

int64_t NumpyRandom::interval(int64_t max) {
  const uint32_t bound = static_cast<uint32_t>(max);
  const uint32_t mask = bound == 0 ? 0 : UINT32_MAX >> std::countl_zero(bound);
  if (mask == 0) return 0;
  uint32_t value = 0;
  do {
    value = static_cast<uint32_t>(words_()) & mask;
  } while (value > bound);
  return value;
}

std::vector<int64_t> NumpyRandom::permutation(int64_t n) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t{0});
  for (int64_t i = n - 1; i >= 1; --i) {
    std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(interval(i))]);
  }
  return order;
}

Split random_split(int64_t n, uint32_t seed) {
  const auto order = NumpyRandom(seed).permutation(n);
  const auto border = order.begin() + (n + 4) / 5;
  return {{border, order.end()}, {order.begin(), border}};
}

std::vector<std::pair<int64_t, int64_t>> random_pairs(int64_t n, int64_t most) {
  const int64_t side = std::min(most, n);
  auto cells = NumpyRandom(0).permutation(side * side);
  cells.resize(static_cast<size_t>(std::min(side * side, most)));
  std::vector<std::pair<int64_t, int64_t>> pairs;
  for (const int64_t cell : cells) pairs.emplace_back(cell / side, cell % side);
  return pairs;
}

}  // namespace animate::dataset
