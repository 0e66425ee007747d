#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "animate/image.h"
#include "media/video_reader.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace animate::test {

inline std::string shell_quoted(const std::filesystem::path& path) {
  std::string text = "'";
  for (const char c : path.string()) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// Runs `ffmpeg ARGUMENTS file:PATH` and returns the path. Inputs are made by the ffmpeg command (package ffmpeg), which
// scripts/setup.sh --tests installs: without it these tests fail.
inline std::filesystem::path ffmpeg(const std::string& arguments, const std::filesystem::path& path) {
  const std::string url = shell_quoted("file:" + path.string());
  const std::string command = "timeout 60 ffmpeg -nostdin -v error -y " + arguments + " " + url;
  REQUIRE(std::system(command.c_str()) == 0);
  return path;
}

// The output of a shell command, without the last line break.
inline std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[4096];
  for (size_t got = 0; (got = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) text.append(buffer, got);
  ::pclose(pipe);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

inline std::string probe(const std::string& entries, const std::filesystem::path& path) {
  return output_of("ffprobe -v error -of csv=p=0 " + entries + " " + shell_quoted("file:" + path.string()));
}

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<Frame> read_all(media::VideoReader& reader) {
  std::vector<Frame> frames;
  while (auto frame = reader.next()) frames.push_back(std::move(*frame));
  return frames;
}

inline std::vector<Frame> read_all(const std::filesystem::path& path, const media::VideoReaderOptions& options = {}) {
  media::VideoReader reader(path, options);
  return read_all(reader);
}

struct Rgb {
  int r, g, b;
};

inline Rgb pixel(const Image& image, int x, int y) {
  const uint8_t* p = image.row(y) + static_cast<size_t>(x) * 3;
  return {p[0], p[1], p[2]};
}

inline bool near(Rgb a, Rgb b, int tolerance) {
  const bool close =
      std::abs(a.r - b.r) <= tolerance && std::abs(a.g - b.g) <= tolerance && std::abs(a.b - b.b) <= tolerance;
  if (!close) WARN("got " << a.r << ' ' << a.g << ' ' << a.b << ", expected " << b.r << ' ' << b.g << ' ' << b.b);
  return close;
}

inline Image filled(int width, int height, Rgb color) {
  Image image(width, height);
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    image.data()[i] = static_cast<uint8_t>(color.r);
    image.data()[i + 1] = static_cast<uint8_t>(color.g);
    image.data()[i + 2] = static_cast<uint8_t>(color.b);
  }
  return image;
}

// Smooth colours with a block that moves with `step`.
inline Image scene(int width, int height, int step) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    uint8_t* row = image.row(y);
    for (int x = 0; x < width; ++x) {
      const bool block = x / 8 == step % 8 && y / 8 == 1;
      row[x * 3] = static_cast<uint8_t>(block ? 240 : 255 * x / width);
      row[x * 3 + 1] = static_cast<uint8_t>(block ? 30 : 255 * y / height);
      row[x * 3 + 2] = static_cast<uint8_t>(block ? 30 : 128);
    }
  }
  return image;
}

}  // namespace animate::test
