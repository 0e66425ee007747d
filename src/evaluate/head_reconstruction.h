#pragma once

#include "evaluate/task.h"

namespace animate::evaluate {

// Reconstruction of drawn heads nobody trained on. Identity i of `heads` is heads::sample_head(seed + i, ·); its pair p
// is made of its pictures 2p (source) and 2p + 1 (driving), whose poses and expressions are independent. The source is
// painted with the driving picture's keypoints themselves and compared with the driving picture.
//   keypoint_error  mean |detected - true coordinate| over the points of both pictures, in [-1, 1]
//   feature_error   the same over eyes, nose, mouth, lids and lips alone
//   frame_error     mean |detected - true number| of their 2 x 2 frames
// The last three only for models whose keypoints are the heads' first 12 to 17. Pictures have the model's frame size.
EvaluatedPart reconstruct_heads(const Task& task);

// Error(Model) unless the model's frames are square, as drawn heads are.
void check_square(const models::DrivenModel& model);

}  // namespace animate::evaluate
