#pragma once

#include <optional>
#include <span>

#include "evaluate/keypoint_set.h"

namespace animate::evaluate {

// What a head is doing, as far as its keypoints tell. Built so that one movement does not pass for another: a turned
// head must not count as a blink.
struct HeadMovement {
  // The nose tip's x against the eyes' middle along the axis between the eyes, in eye distances.
  double yaw = 0;
  // Length of the second column of the lower lip's frame, over the mean of the same lengths of the nine points that
  // neither eye nor lip moves, which turning and size change alike: 0.3 + mouth opening in a drawn head
  // (head_geometry.h). Only with frames.
  std::optional<double> mouth;
  // The same of the eyes' frames, both averaged: 0.15 + 0.85 openness. Only with frames.
  std::optional<double> blink;
};

// The keypoints must be those of a head (are_of_a_head).
HeadMovement movement_of(const KeypointSet& keypoints);

// Pearson's correlation of what was found with the truth, series of equal length. nullopt for fewer than three values
// or where the truth does not vary: there is nothing to follow. 0 where only what was found does not vary: it did not
// follow.
std::optional<double> correlation(std::span<const double> truth, std::span<const double> found);

}  // namespace animate::evaluate
