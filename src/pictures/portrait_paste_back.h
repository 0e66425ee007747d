#pragma once

#include <cstdint>
#include <vector>

#include "animate/image.h"
#include "pictures/crop_transform.h"
#include "pictures/paste_region.h"

namespace animate::pictures {

struct PortraitPasteOptions {
  // How many pixels of the crop, inwards from its border, it takes for the seam to fade; 16 is the original's.
  // 0 is a hard edge.
  double feather = 16;
};

// The weight of the crop's pixels, 0..255, size x size row-major: 255 inside, fading to 0 over the outermost
// `feather` pixels, corners rounded (models/liveportrait/README.md#paste-back).
std::vector<uint8_t> paste_mask(int size, double feather = 16);

// Puts a generated crop, turned and scaled, back into the picture that it was cut from
// (models/liveportrait/README.md#paste-back): single precision, cut to whole levels. No colour match. Only the part of
// the picture that the crop covers is looked at; every pixel where the mask is 0 stays bit for bit. Immutable after
// construction; several threads may paste at once.
class PortraitPasteBack {
 public:
  // For pictures of width x height pixels. Error(Internal) for sides below 1.
  PortraitPasteBack(int width, int height, const CropTransform& transform, const PortraitPasteOptions& options = {});

  // A copy of the original with the generated crop in it. A generated picture of another size than the crop's is
  // resized bilinearly first. Error(Internal) when the original has another size than was promised.
  Image apply(const Image& generated, const Image& original) const;
  // The same written into the picture itself, so that several faces can be pasted one after the other.
  void apply_to(Image& picture, const Image& generated) const;

  // The mask in the picture, 0..1, where() says which part: width x height of that part, row-major. For tests and
  // sheets.
  const PixelBox& where() const { return region_; }
  const std::vector<float>& weights() const { return weights_; }

 private:
  int width_;
  int height_;
  int size_;
  PixelBox region_;                // the part of the picture that may change; may be empty
  std::vector<int16_t> places_;    // x, y of the crop's pixel for every pixel of the region
  std::vector<uint16_t> between_;  // and where between it and its neighbours, as OpenCV's tables count
  std::vector<float> weights_;
};

}  // namespace animate::pictures
