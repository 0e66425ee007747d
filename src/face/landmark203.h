#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "animate/image.h"
#include "base/float_array.h"
#include "base/points.h"
#include "pictures/crop_transform.h"

namespace animate::face {

// LivePortrait's 203 points of a face (landmark.onnx), found near where its landmarks are already known, from the
// 106 points or from the frame before (models/liveportrait/README.md#203-landmarks). The only ones from which the open
// ratios of eyes and lips follow. One object serves one thread at a time.
class Landmark203 {
 public:
  // Throws as onnx::Network::load does, and Error(Model) for a network that does not give 203 points.
  static std::unique_ptr<Landmark203> load(const std::filesystem::path& path);

  virtual ~Landmark203() = default;
  Landmark203() = default;
  Landmark203(const Landmark203&) = delete;
  Landmark203& operator=(const Landmark203&) = delete;

  // 203 points in pixels of the picture. `around`: landmarks of any count that face_rectangle knows.
  virtual Points2 find(const Image& image, const Points2& around) = 0;

  // The same from landmarks that only say roughly where the face is, as a detector's five points do: what is found
  // round them is only believed as the place to look at, and a second look gives the points. The network reads a face
  // exactly where its crop frames it as in training; the farther off the crop, the farther off its points, but much
  // less so.
  Points2 find_from_rough(const Image& image, const Points2& rough) { return find(image, find(image, rough)); }
};

// The part of the picture that the network sees: 224x224 pixels, turned upright.
pictures::CropTransform landmark203_crop(const Points2& around);
// What goes into the network: 1 x 3 x 224 x 224, RGB, 0..1.
FloatArray landmark203_input(const Image& image, const pictures::CropTransform& crop);
// What comes out of it, 406 numbers in 0..1 of the crop's sides, as points of the picture.
Points2 landmark203_points(const FloatArray& output, const std::array<float, 9>& image_from_crop,
                           const std::string& name);

}  // namespace animate::face
