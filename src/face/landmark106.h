#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>

#include "animate/image.h"
#include "base/float_array.h"
#include "base/points.h"
#include "pictures/box.h"

namespace animate::face {

// InsightFace's 106 points of a face (2d106det.onnx), found in a detector's box
// (models/liveportrait/README.md#106-landmarks). One object serves one thread at a time.
class Landmark106 {
 public:
  // Throws as onnx::Network::load does, and Error(Model) for a network that does not give 106 points.
  static std::unique_ptr<Landmark106> load(const std::filesystem::path& path);

  virtual ~Landmark106() = default;
  Landmark106() = default;
  Landmark106(const Landmark106&) = delete;
  Landmark106& operator=(const Landmark106&) = delete;

  // 106 points in pixels of the picture. Error(Input) for a box without size.
  virtual Points2 find(const Image& image, const pictures::Box& face) = 0;
};

// What goes into the network: the box, half as large again, at 192x192, not turned.
struct Landmark106Input {
  FloatArray blob;                           // 1 x 3 x 192 x 192, RGB, (level - mean) / divisor
  std::array<double, 6> image_from_input{};  // 2x3, row-major
};
Landmark106Input landmark106_input(const Image& image, const pictures::Box& face, float mean = 0, float divisor = 1);

// What comes out of it, 212 numbers in -1..1, as points of the picture.
Points2 landmark106_points(const FloatArray& output, const std::array<double, 6>& image_from_input,
                           const std::string& name);

}  // namespace animate::face
