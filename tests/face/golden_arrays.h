#pragma once

#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "animate/image.h"
#include "base/points.h"
#include "checkpoint/checkpoint.h"
#include "support/catch.h"
#include "support/fixtures.h"

// The fixtures of LivePortrait's faces as plain lists. The files are safetensors; the reader of the project itself
// opens them.
namespace animate::test {

// <fixtures>/liveportrait/<name>; fails the running case where it is missing.
inline std::filesystem::path golden_file(const std::string& name) {
  auto path = fixtures_root() / "liveportrait" / name;
  INFO(path.string());
  REQUIRE(std::filesystem::exists(path));
  return path;
}

class GoldenArrays {
 public:
  explicit GoldenArrays(const std::filesystem::path& path) : checkpoint_(checkpoint::Checkpoint::open(path)) {}

  bool has(const std::string& key) const { return checkpoint_.contains(key); }
  std::vector<int64_t> shape(const std::string& key) const { return checkpoint_.info(key).shape; }

  // F32 and F64 as doubles.
  std::vector<double> numbers(const std::string& key) const {
    const auto bytes = read(key);
    if (checkpoint_.info(key).dtype == checkpoint::DType::F64) return cast<double>(bytes);
    REQUIRE(checkpoint_.info(key).dtype == checkpoint::DType::F32);
    const auto singles = cast<float>(bytes);
    return {singles.begin(), singles.end()};
  }
  std::vector<float> singles(const std::string& key) const {
    const auto values = numbers(key);
    return {values.begin(), values.end()};
  }
  std::vector<uint8_t> levels(const std::string& key) const { return cast<uint8_t>(read(key)); }

  // Points [N, 2], or row `item` of [I, N, 2].
  Points2 points(const std::string& key, size_t item = 0) const {
    const auto values = singles(key);
    const auto dims = shape(key);
    const auto count = static_cast<size_t>(dims[dims.size() - 2]);
    Points2 list(count);
    for (size_t i = 0; i < count; ++i) {
      list[i] = {values[(item * count + i) * 2], values[(item * count + i) * 2 + 1]};
    }
    return list;
  }
  std::array<float, 9> matrix(const std::string& key, size_t item = 0) const {
    const auto values = singles(key);
    std::array<float, 9> m{};
    for (size_t i = 0; i < 9; ++i) m[i] = values[item * 9 + i];
    return m;
  }
  // A picture [H, W, 3], or picture `item` of [I, H, W, 3].
  Image image(const std::string& key, size_t item = 0) const {
    const auto dims = shape(key);
    const auto bytes = levels(key);
    Image picture(static_cast<int>(dims[dims.size() - 2]), static_cast<int>(dims[dims.size() - 3]));
    std::memcpy(picture.data(), bytes.data() + item * picture.size_bytes(), picture.size_bytes());
    return picture;
  }

 private:
  std::vector<std::byte> read(const std::string& key) const {
    INFO(key);
    REQUIRE(checkpoint_.contains(key));
    std::vector<std::byte> bytes(checkpoint_.info(key).size_bytes());
    checkpoint_.read(key, bytes);
    return bytes;
  }
  template <typename T>
  static std::vector<T> cast(const std::vector<std::byte>& bytes) {
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }

  checkpoint::Checkpoint checkpoint_;
};

template <typename A, typename B>
double largest_difference(const A& a, const B& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  return largest;
}

inline double largest_difference(const Points2& a, const Points2& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t axis = 0; axis < 2; ++axis) {
      largest = std::max(largest, std::abs(static_cast<double>(a[i][axis]) - static_cast<double>(b[i][axis])));
    }
  }
  return largest;
}

// Every step-th pixel of every step-th row, from the first on.
inline Image strided(const Image& image, int step) {
  Image picked((image.width() + step - 1) / step, (image.height() + step - 1) / step);
  for (int y = 0; y < picked.height(); ++y) {
    for (int x = 0; x < picked.width(); ++x) {
      std::memcpy(picked.row(y) + x * 3L, image.row(y * step) + static_cast<long>(x) * step * 3L, 3);
    }
  }
  return picked;
}

// The share of samples that differ by no more than one level; 0 where the sizes differ.
inline double share_within_one(const Image& a, const Image& b) {
  if (a.width() != b.width() || a.height() != b.height()) return 0;
  size_t close = 0;
  for (size_t i = 0; i < a.size_bytes(); ++i) {
    if (std::abs(static_cast<int>(a.data()[i]) - static_cast<int>(b.data()[i])) <= 1) ++close;
  }
  return static_cast<double>(close) / static_cast<double>(a.size_bytes());
}

}  // namespace animate::test
