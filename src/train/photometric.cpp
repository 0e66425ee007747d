#include "train/photometric.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace animate::train {
namespace {

int luminance(const uint8_t* p) { return (19595 * p[0] + 38470 * p[1] + 7471 * p[2] + 32768) >> 16; }

// From `base` towards the pixel and beyond; truncated, in float as Pillow does.
uint8_t blend(int base, uint8_t value, float factor) {
  const float mixed = static_cast<float>(base) + factor * static_cast<float>(value - base);
  return static_cast<uint8_t>(std::clamp(mixed, 0.0F, 255.0F));
}

struct Hsv {
  uint8_t h, s, v;
};

Hsv to_hsv(const uint8_t* p) {
  const int max = std::max({p[0], p[1], p[2]});
  const int min = std::min({p[0], p[1], p[2]});
  if (max == min) return {0, 0, static_cast<uint8_t>(max)};
  const auto range = static_cast<float>(max - min);
  const float saturation = range / static_cast<float>(max);
  const auto distance = [&](int value) { return static_cast<float>(max - value) / range; };
  const float r = distance(p[0]);
  const float g = distance(p[1]);
  const float b = distance(p[2]);
  float hue = 0;
  if (p[0] == max) {
    hue = b - g;
  } else if (p[1] == max) {
    hue = static_cast<float>(2.0 + r - b);
  } else {
    hue = static_cast<float>(4.0 + g - r);
  }
  hue = static_cast<float>(std::fmod(hue / 6.0 + 1.0, 1.0));
  return {static_cast<uint8_t>(hue * 255.0), static_cast<uint8_t>(saturation * 255.0), static_cast<uint8_t>(max)};
}

void to_rgb(const Hsv& hsv, uint8_t* p) {
  if (hsv.s == 0) {
    std::fill(p, p + 3, hsv.v);
    return;
  }
  const double turned = static_cast<float>(hsv.h) * 6.0 / 255.0;
  const int sector = static_cast<int>(std::floor(turned));
  const auto f = static_cast<float>(turned - sector);
  const auto s = static_cast<float>(hsv.s / 255.0);
  const auto level = [&](double share) {
    return static_cast<uint8_t>(std::clamp(std::floor(hsv.v * share + 0.5), 0.0, 255.0));
  };
  const uint8_t v = hsv.v;
  const uint8_t low = level(1.0 - s);
  const uint8_t falling = level(1.0 - s * f);
  const uint8_t rising = level(1.0 - s * (1.0 - f));
  const std::array<std::array<uint8_t, 3>, 6> sectors{
      {{v, rising, low}, {falling, v, low}, {low, v, rising}, {low, falling, v}, {rising, low, v}, {v, low, falling}}};
  const auto& chosen = sectors[static_cast<size_t>(sector % 6)];
  std::copy(chosen.begin(), chosen.end(), p);
}

}  // namespace

void adjust_brightness(std::span<uint8_t> rgb, float factor) {
  for (uint8_t& value : rgb) value = blend(0, value, factor);
}

void adjust_contrast(std::span<uint8_t> rgb, float factor) {
  if (rgb.empty()) return;
  int64_t sum = 0;
  for (size_t i = 0; i + 2 < rgb.size(); i += 3) sum += luminance(rgb.data() + i);
  const int mean = static_cast<int>(static_cast<double>(sum) / static_cast<double>(rgb.size() / 3) + 0.5);
  for (uint8_t& value : rgb) value = blend(mean, value, factor);
}

void adjust_saturation(std::span<uint8_t> rgb, float factor) {
  for (size_t i = 0; i + 2 < rgb.size(); i += 3) {
    const int grey = luminance(rgb.data() + i);
    for (size_t c = 0; c < 3; ++c) rgb[i + c] = blend(grey, rgb[i + c], factor);
  }
}

void adjust_hue(std::span<uint8_t> rgb, float turn) {
  const int shift = static_cast<int>(turn * 255.0F);
  for (size_t i = 0; i + 2 < rgb.size(); i += 3) {
    Hsv hsv = to_hsv(rgb.data() + i);
    hsv.h = static_cast<uint8_t>(hsv.h + shift);
    to_rgb(hsv, rgb.data() + i);
  }
}

}  // namespace animate::train
