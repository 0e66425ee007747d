#pragma once

#include <array>
#include <optional>
#include <vector>

#include "heads/head_geometry.h"
#include "motion/motion.h"

namespace animate::evaluate {

// Keypoints of one picture as plain numbers: what a detector found, or what a renderer knows.
struct KeypointSet {
  std::vector<std::array<float, 2>> points;  // x, y in [-1, 1]
  std::vector<std::array<float, 4>> frames;  // j00 j01 j10 j11; empty in a model without Jacobians
};

// nullopt for a motion that is no set of keypoints (the identity model's).
std::optional<KeypointSet> keypoints_of(const motion::Motion& motion);
KeypointSet keypoints_of(const heads::HeadTruth& truth);

// The first `count` of them.
KeypointSet first_of(const KeypointSet& keypoints, size_t count);

// Whether these can be the first points of a drawn head's truth (head_geometry.h), at least the twelve basic ones: by
// their number, with as many frames or none.
bool are_of_a_head(const KeypointSet& keypoints);

// Mean absolute coordinate difference in [-1, 1] units, and mean absolute difference of the frames' numbers. Both sets
// must be of equal size.
double keypoint_error(const KeypointSet& found, const KeypointSet& truth);
// The same over what a face speaks and looks with: eyes, nose, mouth, and lids and upper lip where they are there.
double feature_error(const KeypointSet& found, const KeypointSet& truth);
double frame_error(const KeypointSet& found, const KeypointSet& truth);

// Mean absolute second difference over time, |x(t+1) - 2 x(t) + x(t-1)|, over all coordinates: how much keypoints
// tremble, in units of [-1, 1]. Keeps two sets, however long the clip.
class Jitter {
 public:
  void add(const KeypointSet& keypoints);
  // nullopt before the third set.
  std::optional<double> mean() const;

 private:
  std::vector<std::array<float, 2>> before_, last_;
  double sum_ = 0;
  int64_t count_ = 0;
};

}  // namespace animate::evaluate
