#pragma once

#include "animate/image.h"
#include "pictures/crop_transform.h"

namespace animate::pictures {

// The crop between two, with the same number of pixels: 0 is exactly `from`, 1 exactly `to`. Turned squares stay turned
// squares.
CropTransform between(const CropTransform& from, const CropTransform& to, double weight);

// The picture moved, turned and scaled so that what lies in the crop `from` comes to lie in the crop `to`. What is
// missing at the borders is their own colour continued. The picture itself where both are equal.
Image aligned(const Image& picture, const CropTransform& from, const CropTransform& to);

// One picture over another of the same size: 0 shows `from`, 1 shows `to`.
Image blended(const Image& from, const Image& to, double weight);

}  // namespace animate::pictures
