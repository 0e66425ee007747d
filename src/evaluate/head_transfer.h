#pragma once

#include "evaluate/task.h"

namespace animate::evaluate {

// Motion carried from one drawn head to another, where the right answer is known. In transfer i head A = seed + 2i is
// animated by head B = seed + 2i + 1, which moves through the smooth clip of B's number (heads::smooth_motion). A's
// picture shows it in the clip's first pose and expression, so with motion relative to the first frame (Jacobians too)
// the truth is A drawn in the clip's every pose. Pictures have the model's frame size.
//
// Every frame:
//   l1, psnr, ssim          result against truth
// Every fourth frame, for skin and hair (hair only where it covers 0.5 % of the picture):
//   skin_colour, hair_colour  mean over channels of |mean colour of the result - of the truth|, both inside the truth's
//                             region of skin (hair). That region is where the truth changes when A is drawn with
//                             another colour of skin (hair): by more than 0.1 in the mean over channels.
//   skin_shape, hair_shape    intersection over union of that region with the region of the result that answers to the
//                             source's skin (hair): where the result changes in the same way when the recoloured
//                             source is animated by the same motion.
// Every clip, for models with the heads' 12 to 17 keypoints:
//   yaw, mouth, blink         Pearson's correlation over the clip's frames between what the driver really did (the
//                             measures of head_movement.h on its true keypoints and frames) and the same measures on
//                             what the model's own detector finds in the result
//   yaw_driver, …             the same with what the detector finds in the driver's frames: what the detector alone
//                             would allow
//   jitter, jitter_real       mean |second difference| of the keypoints found in the result and in the driver's frames
EvaluatedPart transfer_heads(const Task& task);

}  // namespace animate::evaluate
