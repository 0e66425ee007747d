#include "train/augmentation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

#include "base/error.h"
#include "train/geometric.h"
#include "train/photometric.h"

namespace animate::train {
namespace {

double between(std::mt19937_64& random, double low, double high) { return low + (high - low) * uniform(random); }

// 0 to `most`, both included.
int64_t whole(std::mt19937_64& random, int64_t most) {
  return std::min(static_cast<int64_t>(uniform(random) * static_cast<double>(most + 1)), most);
}

void flip(Frames& pair, const AugmentationConfig& config, std::mt19937_64& random) {
  if (uniform(random) < 0.5 && config.time_flip) {
    const auto size = static_cast<std::ptrdiff_t>(pair.frame_size());
    std::swap_ranges(pair.values.begin(), pair.values.begin() + size, pair.values.begin() + size);
    // The original mirrors only what it has not reversed.
    return;
  }
  if (uniform(random) < 0.5 && config.horizontal_flip) pair = mirror_horizontally(pair);
}

Frames random_crop(const Frames& pair, int64_t height, int64_t width, std::mt19937_64& random) {
  const Frames padded = pad_to(pair, height, width);
  const int64_t y = whole(random, padded.height - height);
  const int64_t x = whole(random, padded.width - width);
  return crop(padded, y, x, height, width);
}

void jitter(Frames& pair, const AugmentationConfig& config, std::mt19937_64& random) {
  check(pair.channels == 3, ErrorKind::Model,
        "'jitter_param' needs colour pictures, these frames have {} channels; leave it out of the config",
        pair.channels);
  using Operation = std::function<void(std::span<uint8_t>)>;
  std::vector<Operation> operations;
  const auto add = [&](double amount, void (*adjust)(std::span<uint8_t>, float), double low, double high) {
    if (amount == 0) return;
    const auto factor = static_cast<float>(between(random, low, high));
    operations.emplace_back([=](std::span<uint8_t> rgb) { adjust(rgb, factor); });
  };
  const auto add_factor = [&](double amount, void (*adjust)(std::span<uint8_t>, float)) {
    add(amount, adjust, std::max(0.0, 1 - amount), 1 + amount);
  };
  add_factor(config.brightness, adjust_brightness);
  add_factor(config.contrast, adjust_contrast);
  add_factor(config.saturation, adjust_saturation);
  add(config.hue, adjust_hue, -config.hue, config.hue);
  for (size_t i = operations.size(); i > 1; --i) {
    std::swap(operations[i - 1], operations[static_cast<size_t>(whole(random, static_cast<int64_t>(i) - 1))]);
  }
  std::vector<uint8_t> bytes(pair.frame_size());
  for (int64_t n = 0; n < pair.count; ++n) {
    const auto frame = pair.frame(n);
    std::transform(frame.begin(), frame.end(), bytes.begin(), [](float value) {
      return static_cast<uint8_t>(std::nearbyint(std::clamp(value, 0.0F, 1.0F) * 255.0F));
    });
    for (const Operation& operation : operations) operation(bytes);
    std::transform(bytes.begin(), bytes.end(), frame.begin(),
                   [](uint8_t value) { return static_cast<float>(value) * (1.0F / 255.0F); });
  }
}

}  // namespace

double uniform(std::mt19937_64& random) { return static_cast<double>(random() >> 11U) * 0x1p-53; }

Frames augment(Frames pair, const AugmentationConfig& config, std::mt19937_64& random) {
  check(pair.count == 2, ErrorKind::Internal, "{} frames are augmented as a pair", pair.count);
  flip(pair, config, random);
  if (config.rotation_degrees) {
    const auto& [low, high] = *config.rotation_degrees;
    pair = rotate(pair, between(random, low, high));
  }
  if (config.resize_ratio) {
    const double factor = between(random, config.resize_ratio->first, config.resize_ratio->second);
    const auto scaled = [factor](int64_t size) {
      return std::max<int64_t>(1, static_cast<int64_t>(static_cast<double>(size) * factor));
    };
    pair = resize(pair, scaled(pair.height), scaled(pair.width), config.resize_bilinear);
  }
  if (config.crop_size) pair = random_crop(pair, config.crop_size->first, config.crop_size->second, random);
  if (config.jitter) jitter(pair, config, random);
  return pair;
}

}  // namespace animate::train
