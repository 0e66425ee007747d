#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace animate::motion {

// How far the mouth is open in each of `frames` frames, 0 shut to 1, from the loudness of a voice (decibels, one number
// a frame, -infinity for silence; where the list is shorter the mouth rests). What counts is how loud a moment is
// against the voice's own loud ones, so a quiet recording talks as much as a loud one; below kSilence nobody speaks.
// Shut in the first frame and at the seam, never faster than `fastest` from frame to frame (motion/README.md#talk).
std::vector<double> talk_curve(std::span<const double> decibels, size_t frames, double rate, double fastest);

// Decibels against full scale.
inline constexpr double kSilence = -55;

}  // namespace animate::motion
