#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "animate/image.h"

namespace animate::test {

// One colour all over.
inline Image plain(int width, int height, uint8_t red, uint8_t green, uint8_t blue) {
  Image image(width, height);
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    image.data()[i] = red;
    image.data()[i + 1] = green;
    image.data()[i + 2] = blue;
  }
  return image;
}

// Different everywhere, the same on every run.
inline Image patterned(int width, int height, uint32_t seed) {
  Image image(width, height);
  for (size_t i = 0; i < image.size_bytes(); ++i) {
    seed = seed * 1664525U + 1013904223U;
    image.data()[i] = static_cast<uint8_t>(seed >> 24);
  }
  return image;
}

// The red of the pixel in the middle, of pictures that are one grey.
inline int middle_level(const Image& image) {
  return image.row(image.height() / 2)[3 * static_cast<size_t>(image.width() / 2)];
}

inline bool same_pixels(const Image& a, const Image& b) {
  return a.width() == b.width() && a.height() == b.height() &&
         std::equal(a.data(), a.data() + a.size_bytes(), b.data());
}

// Any picture that ffmpeg reads, through a PPM file in `folder`; empty where there is no ffmpeg program.
// The face room reads no files, and the tests of one room use no other.
inline Image read_with_ffmpeg(const std::filesystem::path& picture, const std::filesystem::path& folder) {
  const auto ppm = folder / "picture.ppm";
  const std::string command =
      "ffmpeg -v error -y -i '" + picture.string() + "' -frames:v 1 -pix_fmt rgb24 '" + ppm.string() + "'";
  if (std::system(command.c_str()) != 0) return {};
  std::ifstream file(ppm, std::ios::binary);
  std::string magic;
  int width = 0;
  int height = 0;
  int most = 0;
  file >> magic >> width >> height >> most;
  if (magic != "P6" || most != 255) return {};
  file.get();
  Image image(width, height);
  file.read(reinterpret_cast<char*>(image.data()), static_cast<std::streamsize>(image.size_bytes()));
  return image;
}

}  // namespace animate::test
