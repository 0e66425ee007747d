#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace animate::evaluate {

// Keypoints of one picture from a detector outside the model, in pixels; nullopt: not found.
using Landmarks = std::vector<std::optional<std::array<double, 2>>>;

// AKD of one frame (models/fomm/README.md#evaluation): mean absolute coordinate difference over the points found in
// both pictures, in pixels. nullopt where no point is found in both. Both must be of equal length.
std::optional<double> keypoint_distance(const Landmarks& real, const Landmarks& generated);
// MKR of one frame: points found in the real picture only / points found in the real picture; nullopt without the
// latter.
std::optional<double> missing_rate(const Landmarks& real, const Landmarks& generated);
// AED of one frame: the sum of squared differences of the two vectors, as the authors' program compares them.
double embedding_distance(std::span<const float> real, std::span<const float> generated);

}  // namespace animate::evaluate
